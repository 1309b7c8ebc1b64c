// SPDX-License-Identifier: Apache-2.0
#include "formats/unpack/unpack.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/text.h"
#include "crypto/digest.h"
#include "formats/detect/detect.h"
#include "formats/recording_sink.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;

constexpr char kTestFiles[] = "/usr/share/clamav-testfiles/";
constexpr char kMd5[] = "aa15bcf478d165efd2065190eb473bcb";

std::string Slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Whether the test program is in `bytes` or in something inside it.
bool Contains(const std::string& bytes, int depth) {
  if (bytes.size() == 544 && ToHex(crypto::Md5(AsBytes(bytes))) == kMd5)
    return true;
  const FileType type = Detect(AsBytes(bytes));
  if (depth == 0 || !CanUnpack(type)) return false;
  RecordingSink sink;
  EXPECT_TRUE(Unpack(type, AsBytes(bytes), {}, sink).ok());
  for (const auto& seen : sink.seen) {
    EXPECT_TRUE(seen.whole);
    if (Contains(seen.bytes, depth - 1)) return true;
  }
  return false;
}

TEST(Unpack, FindsTheTestProgramInEveryArchive) {
  if (!fs::exists(kTestFiles)) GTEST_SKIP() << "no clamav-testfiles here";
  for (const std::string name :
       {"clam.exe", "clam.zip", "clam.bz2.zip", "clam.d64.zip", "clam.impl.zip",
        "clam.7z", "clam.arj", "clam.cab", "clam.tar.gz", "clam.exe.bz2",
        "clam.exe.szdd", "clam.bin-be.cpio", "clam.bin-le.cpio",
        "clam.newc.cpio", "clam.odc.cpio"}) {
    EXPECT_TRUE(Contains(Slurp(kTestFiles + name), 4)) << name;
  }
}

// Runs `command` in an empty folder, where "in.txt" is; the bytes of "out".
std::string Make(const std::string& program, const std::string& command,
                 const std::string& text) {
  const fs::path folder =
      fs::temp_directory_path() /
      ("vitrine-unpack-" +
       std::to_string(::testing::UnitTest::GetInstance()->random_seed()) + "-" +
       program);
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::ofstream(folder / "in.txt", std::ios::binary) << text;
  std::string made;
  if (std::system(("command -v " + program + " >/dev/null").c_str()) == 0 &&
      std::system(
          ("cd '" + folder.string() + "' && (" + command + ") >/dev/null 2>&1")
              .c_str()) == 0) {
    made = Slurp(folder / "out");
  }
  fs::remove_all(folder);
  return made;
}

TEST(Unpack, ReadsWhatRealProgramsWrite) {
  const struct {
    const char* program;
    const char* command;
    FileType type;
  } kCases[] = {
      {"zip", "zip out.zip in.txt && mv out.zip out", FileType::kZIP},
      {"zip", "zip -0 out.zip in.txt && mv out.zip out", FileType::kZIP},
      {"zip", "cat in.txt | zip out.zip - && mv out.zip out", FileType::kZIP},
      {"tar", "tar cf out in.txt", FileType::kPOSIX_TAR},
      {"tar", "tar cf out --format=pax in.txt", FileType::kPOSIX_TAR},
      {"tar", "tar cf out --format=v7 in.txt", FileType::kOLD_TAR},
      {"gzip", "gzip -c in.txt > out", FileType::kGZ},
      {"bzip2", "bzip2 -c in.txt > out", FileType::kBZ},
      {"xz", "xz -c in.txt > out", FileType::kXZ},
      {"xz", "xz --format=lzma -c in.txt > out", FileType::kLZMA},
      {"zstd", "zstd -c in.txt > out", FileType::kZSTD},
      {"lz4", "lz4 -c in.txt > out", FileType::kLZ4},
      {"lz4", "lz4 -l -c in.txt > out", FileType::kLZ4},
      {"lz4", "lz4 -BD -c in.txt > out", FileType::kLZ4},
      {"ar", "ar rc out in.txt", FileType::kAR},
      {"cpio", "echo in.txt | cpio -o -H newc > out", FileType::kCPIO_NEWC},
      {"7z", "7z a out.7z in.txt && mv out.7z out", FileType::k7Z},
      {"lcab", "lcab in.txt out", FileType::kMSCAB},
      {"genisoimage", "genisoimage -R -o out in.txt", FileType::kISO9660},
  };
  std::string text;
  for (int i = 0; i < 20000; ++i) text += std::to_string(i * 7919) + " ";
  std::string absent;
  for (const auto& c : kCases) {
    const std::string made = Make(c.program, c.command, text);
    if (made.empty()) {
      absent += std::string(" ") + c.program;
      continue;
    }
    EXPECT_EQ(Detect(AsBytes(made)), c.type) << c.command;
    RecordingSink sink;
    EXPECT_TRUE(Unpack(c.type, AsBytes(made), {}, sink).ok()) << c.command;
    ASSERT_EQ(sink.seen.size(), 1U) << c.command;
    EXPECT_TRUE(sink.seen[0].bytes == text) << c.command;
    EXPECT_TRUE(sink.seen[0].whole) << c.command;
    EXPECT_TRUE(sink.skipped.empty()) << c.command;
  }
  if (!absent.empty()) GTEST_SKIP() << "not installed:" << absent;
}

TEST(Unpack, KnowsWhatItCannot) {
  EXPECT_FALSE(CanUnpack(FileType::kPDF));
  EXPECT_FALSE(CanUnpack(FileType::kMSEXE));
  EXPECT_TRUE(CanUnpack(FileType::kZIPSFX));
  RecordingSink sink;
  EXPECT_EQ(Unpack(FileType::kPDF, {}, {}, sink).error().code, Code::kInvalid);
}

TEST(Unpack, LeavesOutWhatClamavDoesWhenAsked) {
  const std::string lz4("\x04\x22\x4d\x18\x60\x40\x82\0\0\0\0", 11);
  UnpackOptions options;
  options.beyond_clamav = false;
  RecordingSink sink;
  EXPECT_TRUE(Unpack(FileType::kLZ4, AsBytes(lz4), options, sink).ok());
  EXPECT_TRUE(sink.asked.empty());
  EXPECT_TRUE(Unpack(FileType::kLZ4, AsBytes(lz4), {}, sink).ok());
  EXPECT_EQ(sink.asked.size(), 1U);
}

TEST(Unpack, GivesNothingForEmptyInput) {
  for (int i = 0; i < 200; ++i) {
    const auto type = static_cast<FileType>(i);
    if (!CanUnpack(type)) continue;
    RecordingSink sink;
    const Status status = Unpack(type, {}, {}, sink);
    EXPECT_TRUE(!status.ok() || !sink.skipped.empty() || sink.seen.empty())
        << FileTypeName(type);
  }
}

}  // namespace
}  // namespace vitrine
