// SPDX-License-Identifier: Apache-2.0
#include "formats/archive/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "formats/codec/checksum.h"
#include "formats/codec/decode.h"
#include "formats/recording_sink.h"

namespace vitrine::archive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct File {
  std::string name;
  std::string bytes;
};

using Setup = int (*)(::archive*);

// An archive as libarchive itself writes it.
std::string Write(Setup format, const std::vector<File>& files,
                  Setup filter = nullptr) {
  ::archive* writer = archive_write_new();
  EXPECT_EQ(format(writer), ARCHIVE_OK);
  if (filter != nullptr) filter(writer);
  archive_write_set_bytes_per_block(writer, 1);
  std::string out(8 << 20, '\0');
  size_t used = 0;
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  for (const File& file : files) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, file.name.c_str());
    archive_entry_set_filetype(entry,
                               file.name.back() == '/' ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 0, 0);
    archive_entry_set_size(entry, static_cast<int64_t>(file.bytes.size()));
    EXPECT_EQ(archive_write_header(writer, entry), ARCHIVE_OK);
    archive_write_data(writer, file.bytes.data(), file.bytes.size());
    archive_entry_free(entry);
  }
  EXPECT_EQ(archive_write_close(writer), ARCHIVE_OK);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

struct Kind {
  const char* name;
  FileType type;
  Setup format;
  bool folders = true;
};

int WriteUstar(::archive* a) { return archive_write_set_format_ustar(a); }

const Kind kKinds[] = {
    {"ustar", FileType::kPOSIX_TAR, WriteUstar},
    {"pax", FileType::kPOSIX_TAR, archive_write_set_format_pax},
    {"gnu tar", FileType::kPOSIX_TAR, archive_write_set_format_gnutar},
    {"v7 tar", FileType::kOLD_TAR, archive_write_set_format_v7tar},
    {"cpio odc", FileType::kCPIO_ODC, archive_write_set_format_cpio},
    {"cpio newc", FileType::kCPIO_NEWC, archive_write_set_format_cpio_newc},
    {"cpio bin", FileType::kCPIO_OLD, archive_write_set_format_cpio_bin},
    {"7z", FileType::k7Z, archive_write_set_format_7zip},
    {"iso", FileType::kISO9660, archive_write_set_format_iso9660},
    {"xar", FileType::kXAR, archive_write_set_format_xar},
    {"ar", FileType::kAR, archive_write_set_format_ar_svr4, false},
};

RecordingSink Read(const Kind& kind, const std::string& bytes,
                   uint64_t allowance = uint64_t{64} << 20) {
  RecordingSink sink(allowance);
  EXPECT_TRUE(Unpack(kind.type, AsBytes(bytes), Deadline::Never(), sink).ok())
      << kind.name;
  EXPECT_FALSE(sink.broke_contract) << kind.name;
  return sink;
}

std::string Long() {
  std::string text;
  for (int i = 0; text.size() < 300000; ++i) text += std::to_string(i * i);
  return text;
}

TEST(Archive, ReadsEveryFormat) {
  const std::string text = Long();
  for (const Kind& kind : kKinds) {
    std::vector<File> files = {{"one.txt", "first"}, {"two.txt", text}};
    if (kind.folders) files.insert(files.begin(), {"folder/", ""});
    const RecordingSink sink = Read(kind, Write(kind.format, files));
    EXPECT_EQ(sink.seen.size(), 2U) << kind.name;
    EXPECT_EQ(sink.Find("one.txt"), "first") << kind.name;
    EXPECT_TRUE(sink.Find("two.txt") == text) << kind.name;
    for (const auto& seen : sink.seen) EXPECT_TRUE(seen.whole) << kind.name;
    EXPECT_THAT(sink.skipped, IsEmpty()) << kind.name;
  }
}

TEST(Archive, KeepsToTheAllowanceAndGoesOn) {
  const std::string text = Long();
  for (const Kind& kind : kKinds) {
    const std::string bytes =
        Write(kind.format, {{"big", text}, {"small", "tiny"}});
    const RecordingSink none = Read(kind, bytes, 0);
    EXPECT_EQ(none.asked.size(), 2U) << kind.name;
    EXPECT_THAT(none.seen, IsEmpty()) << kind.name;
    const RecordingSink some = Read(kind, bytes, 1000);
    ASSERT_EQ(some.seen.size(), 2U) << kind.name;
    EXPECT_TRUE(some.Find("big") == text.substr(0, 1000)) << kind.name;
    EXPECT_EQ(some.Find("small"), "tiny") << kind.name;
    for (const auto& seen : some.seen) {
      EXPECT_EQ(seen.whole, seen.member.name == "small") << kind.name;
    }
    EXPECT_THAT(some.skipped, IsEmpty()) << kind.name;
  }
}

TEST(Archive, HandsOverWhatATruncatedOneHas) {
  const std::string text = Long();
  for (const Kind& kind : kKinds) {
    const std::string bytes =
        Write(kind.format, {{"one", "first"}, {"two", text}});
    for (const size_t keep : {bytes.size() / 2, bytes.size() * 3 / 4}) {
      RecordingSink sink;
      const Status status = Unpack(kind.type, AsBytes(bytes.substr(0, keep)),
                                   Deadline::Never(), sink);
      const bool complete = sink.Find("two") == text && sink.seen.back().whole;
      EXPECT_FALSE(complete && kind.type != FileType::kISO9660) << kind.name;
      if (!complete && status.ok()) {
        EXPECT_FALSE(sink.skipped.empty()) << kind.name;
      }
    }
  }
}

TEST(Archive, StopsWhenToldAndWhenLate) {
  for (const Kind& kind : kKinds) {
    const std::string bytes =
        Write(kind.format, {{"one", "first"}, {"two", "second"}});
    RecordingSink sink;
    sink.stop_after = 1;
    EXPECT_TRUE(
        Unpack(kind.type, AsBytes(bytes), Deadline::Never(), sink).ok());
    EXPECT_EQ(sink.seen.size(), 1U) << kind.name;
    RecordingSink late;
    const Deadline now{Deadline::Clock::now()};
    EXPECT_EQ(Unpack(kind.type, AsBytes(bytes), now, late).error().code,
              Code::kDeadline);
  }
}

TEST(Archive, RefusesWhatIsNone) {
  for (const Kind& kind : kKinds) {
    RecordingSink sink;
    const std::string bytes(2000, 'x');
    const Status status =
        Unpack(kind.type, AsBytes(bytes), Deadline::Never(), sink);
    EXPECT_TRUE(!status.ok() || !sink.skipped.empty()) << kind.name;
    EXPECT_THAT(sink.seen, IsEmpty()) << kind.name;
  }
  RecordingSink sink;
  EXPECT_FALSE(Unpack(FileType::kPDF, {}, Deadline::Never(), sink).ok());
}

TEST(Archive, LeavesCompressionsInsideAlone) {
  // A tar that is compressed is no tar; its packer is an object of its own.
  const std::string bytes =
      Write(WriteUstar, {{"a", "b"}}, archive_write_add_filter_gzip);
  RecordingSink sink;
  EXPECT_FALSE(
      Unpack(FileType::kPOSIX_TAR, AsBytes(bytes), Deadline::Never(), sink)
          .ok() &&
      sink.skipped.empty());
  EXPECT_THAT(sink.seen, IsEmpty());
}

TEST(Archive, BoundsWhatIsUnpackedToBeThrownAway) {
  // A solid 7z, where the second member is behind 40 MB of zeros.
  ::archive* writer = archive_write_new();
  archive_write_set_format_7zip(writer);
  archive_write_set_options(writer, "compression=lzma2,compression-level=1");
  std::string out(8 << 20, '\0');
  size_t used = 0;
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_filetype(entry, AE_IFREG);
  const std::string zeros(1 << 20, '\0');
  for (const auto& [name, megabytes] :
       {std::pair{"zeros", 40}, std::pair{"behind", 0}}) {
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, int64_t{megabytes} << 20);
    archive_write_header(writer, entry);
    for (int i = 0; i < megabytes; ++i) {
      archive_write_data(writer, zeros.data(), zeros.size());
    }
  }
  archive_entry_free(entry);
  archive_write_close(writer);
  archive_write_free(writer);
  out.resize(used);
  RecordingSink sink(1000);
  EXPECT_TRUE(
      Unpack(FileType::k7Z, AsBytes(out), Deadline::Never(), sink).ok());
  EXPECT_THAT(sink.skipped, ElementsAre(":work-limit"));
  ASSERT_EQ(sink.seen.size(), 1U);
  EXPECT_EQ(sink.seen[0].bytes.size(), 1000U);
}

std::string Le(uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

// A RAR 4 block: its checksum, the rest of its header, its data.
std::string RarBlock(const std::string& rest, const std::string& data = "") {
  return Le(codec::Crc32(AsBytes(rest)) & 0xffff, 2) + rest + data;
}

std::string Rar4(const std::string& data, uint16_t archive_flags,
                 uint16_t file_flags) {
  const std::string name = "a.txt";
  return std::string("Rar!\x1a\7\0", 7) +
         RarBlock("\x73" + Le(archive_flags, 2) + Le(13, 2) + Le(0, 6)) +
         RarBlock(
             "\x74" + Le(0x8000 | file_flags, 2) + Le(32 + name.size(), 2) +
                 Le(data.size(), 4) + Le(data.size(), 4) + Le(3, 1) +
                 Le(codec::Crc32(AsBytes(data)), 4) + Le(0x58210000, 4) +
                 Le(20, 1) + "0" + Le(name.size(), 2) + Le(0x81a4, 4) + name,
             data) +
         RarBlock("\x7b" + Le(0x4000, 2) + Le(7, 2));
}

std::string Rar5Block(const std::string& fields, const std::string& data = "") {
  const std::string rest = Le(fields.size(), 1) + fields;
  return Le(codec::Crc32(AsBytes(rest)), 4) + rest + data;
}

std::string Rar5(const std::string& data, const std::string& extra = "") {
  const std::string name = "a.txt";
  std::string file = "\2" + Le(extra.empty() ? 2 : 3, 1);
  if (!extra.empty()) file += Le(extra.size(), 1);
  file += Le(data.size(), 1) + Le(4, 1) + Le(data.size(), 1) + Le(0x24, 1) +
          Le(codec::Crc32(AsBytes(data)), 4) + Le(0, 1) + Le(1, 1) +
          Le(name.size(), 1) + name + extra;
  return std::string("Rar!\x1a\7\1\0", 8) +
         Rar5Block(std::string("\1\0\0", 3)) + Rar5Block(file, data) +
         Rar5Block(std::string("\5\0\0", 3));
}

const Kind kRar = {"rar", FileType::kRAR, nullptr};

TEST(Rar, ReadsBothGenerations) {
  EXPECT_EQ(Read(kRar, Rar4("stored in rar", 0, 0)).Find("a.txt"),
            "stored in rar");
  EXPECT_EQ(Read(kRar, Rar5("stored in rar")).Find("a.txt"), "stored in rar");
  const RecordingSink cut = Read(kRar, Rar4("stored in rar", 0, 0), 6);
  EXPECT_EQ(cut.Find("a.txt"), "stored");
  EXPECT_FALSE(cut.seen[0].whole);
}

TEST(Rar, SaysThatItIsEncrypted) {
  // Size, kind 1 (encryption), version, flags, iterations, salt, vector.
  const std::string extra =
      Le(0x24, 1) + std::string("\1\0\0\x0f", 4) + std::string(32, 's');
  for (const std::string& bytes :
       {Rar4("sixteen bytes ..", 0, 4), Rar5("sixteen bytes ..", extra)}) {
    const RecordingSink sink = Read(kRar, bytes);
    EXPECT_THAT(sink.seen, IsEmpty());
    EXPECT_THAT(sink.skipped, ElementsAre("a.txt:encrypted"));
    EXPECT_THAT(sink.heuristics, ElementsAre("Heuristics.Encrypted.RAR"));
    EXPECT_TRUE(sink.asked.size() == 1 && sink.asked[0].encrypted);
  }
  const std::string rar5_headers =
      std::string("Rar!\x1a\7\1\0", 8) +
      Rar5Block(std::string("\4\0\0\0\x0f", 5) + std::string(16, 's')) +
      std::string(100, 'c');
  EXPECT_THAT(Read(kRar, rar5_headers).skipped, ElementsAre(":encrypted"));
  const RecordingSink headers = Read(kRar, Rar4("sixteen bytes ..", 0x80, 4));
  EXPECT_THAT(headers.skipped, ElementsAre(":encrypted"));
  EXPECT_THAT(headers.heuristics, ElementsAre("Heuristics.Encrypted.RAR"));
}

TEST(SevenZip, SaysThatItIsEncrypted) {
  // No writer that we have encrypts; a seed of the harness was made by hand.
  std::ifstream in(VITRINE_SOURCE_DIR "/fuzz/corpus/archive_fuzz/sevenz_aes",
                   std::ios::binary);
  const std::string seed((std::istreambuf_iterator<char>(in)), {});
  ASSERT_GT(seed.size(), 2U);
  const RecordingSink sink =
      Read({"7z", FileType::k7Z, nullptr}, seed.substr(2));
  EXPECT_THAT(sink.seen, IsEmpty());
  EXPECT_THAT(sink.skipped, ElementsAre("a:encrypted"));
  EXPECT_THAT(sink.heuristics, ElementsAre("Heuristics.Encrypted.7Zip"));
}

TEST(Compress, ReadsWhatAnotherEncoderWrote) {
  const std::string text = Long();
  const std::string packed =
      Write(archive_write_set_format_raw, {{"data", text}},
            archive_write_add_filter_compress);
  codec::Input input;
  input.bytes = AsBytes(packed);
  input.allowance = 1 << 20;
  const codec::Decoded decoded = codec::Compress(input);
  EXPECT_EQ(decoded.end, codec::End::kWhole);
  EXPECT_TRUE(AsText(decoded.out.bytes()) == text);
}

TEST(Lz4, ReadsWhatAnotherEncoderWrote) {
  const std::string text = Long();
  const std::string packed =
      Write(archive_write_set_format_raw, {{"data", text}},
            archive_write_add_filter_lz4);
  codec::Input input;
  input.bytes = AsBytes(packed);
  input.allowance = 1 << 20;
  const codec::Decoded decoded = codec::Lz4(input);
  EXPECT_EQ(decoded.end, codec::End::kWhole);
  EXPECT_TRUE(AsText(decoded.out.bytes()) == text);
}

}  // namespace
}  // namespace vitrine::archive
