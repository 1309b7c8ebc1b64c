// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "formats/codec/checksum.h"
#include "formats/recording_sink.h"

namespace vitrine::codec {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Le(uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i, value >>= 8) {
    out += static_cast<char>(value);
  }
  return out;
}

// One stored DEFLATE block with every field that a gzip header may have.
std::string Gz(const std::string& text) {
  return std::string("\x1f\x8b\x08\x1e\0\0\0\0\0\3", 10) + Le(2, 2) + "xx" +
         "name.txt" + '\0' + "a comment" + '\0' + "hc" + '\1' +
         Le(text.size(), 2) + Le(~text.size(), 2) + text +
         Le(Crc32(AsBytes(text)), 4) + Le(text.size(), 4);
}

RecordingSink Read(FileType type, const std::string& bytes,
                   uint64_t allowance = 1 << 20) {
  RecordingSink sink(allowance);
  EXPECT_TRUE(Unpack(type, AsBytes(bytes), Deadline::Never(), sink).ok());
  EXPECT_FALSE(sink.broke_contract);
  return sink;
}

TEST(Codec, SaysWhatAGzipHeaderDoes) {
  const std::string bytes = Gz("hello");
  const RecordingSink sink = Read(FileType::kGZ, bytes);
  ASSERT_EQ(sink.seen.size(), 1U);
  const Member& member = sink.seen[0].member;
  EXPECT_EQ(member.name, "name.txt");
  EXPECT_EQ(member.size, 5U);
  EXPECT_EQ(member.packed_size, bytes.size());
  EXPECT_EQ(member.crc, Crc32(AsBytes("hello")));
  EXPECT_EQ(sink.seen[0].bytes, "hello");
  EXPECT_TRUE(sink.seen[0].whole);
  EXPECT_THAT(sink.skipped, IsEmpty());
}

TEST(Codec, IsCutByTheAllowanceWithoutComplaint) {
  const RecordingSink none = Read(FileType::kGZ, Gz("hello"), 0);
  EXPECT_EQ(none.asked.size(), 1U);
  EXPECT_THAT(none.seen, IsEmpty());
  const RecordingSink some = Read(FileType::kGZ, Gz("hello"), 3);
  EXPECT_EQ(some.seen[0].bytes, "hel");
  EXPECT_FALSE(some.seen[0].whole);
  EXPECT_THAT(some.skipped, IsEmpty());
}

TEST(Codec, SaysWhyBytesAreMissing) {
  const std::string bytes = Gz("hello");
  const RecordingSink cut =
      Read(FileType::kGZ, bytes.substr(0, bytes.size() - 10));
  EXPECT_THAT(cut.skipped, ElementsAre("name.txt:truncated"));
  EXPECT_EQ(cut.seen[0].bytes, "hel");
  EXPECT_FALSE(cut.seen[0].whole);
  for (const FileType type :
       {FileType::kBZ, FileType::kXZ, FileType::kLZMA, FileType::kZSTD,
        FileType::kLZ4, FileType::kCOMPRESS, FileType::kMSSZDD}) {
    const RecordingSink damaged = Read(type, std::string(100, '\xaa'));
    EXPECT_THAT(damaged.skipped, ElementsAre(":damaged")) << FileTypeName(type);
  }
}

TEST(Codec, ReadsEveryPrefixWithoutBeingSilent) {
  const std::string bytes = Gz("hello");
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(Read(FileType::kGZ, bytes.substr(0, size)).skipped.empty())
        << size;
  }
}

TEST(Codec, RefusesOtherTypes) {
  RecordingSink sink;
  EXPECT_FALSE(CanUnpack(FileType::kZIP));
  EXPECT_FALSE(Unpack(FileType::kZIP, {}, Deadline::Never(), sink).ok());
}

TEST(Codec, SaysWhenTimeRanOut) {
  RecordingSink sink;
  const Deadline now{Deadline::Clock::now()};
  EXPECT_EQ(Unpack(FileType::kGZ, AsBytes(Gz("x")), now, sink).error().code,
            Code::kDeadline);
}

}  // namespace
}  // namespace vitrine::codec
