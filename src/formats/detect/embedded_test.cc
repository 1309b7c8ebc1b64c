// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "formats/codec/checksum.h"
#include "formats/detect/detect.h"
#include "formats/detect/pair_scan.h"
#include "formats/zip/zip_builder.h"

namespace vitrine {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using zip::Le;

std::string Pe(size_t size = 700) {
  std::string pe = "MZ" + std::string(58, '\0') + Le(64, 4) + "PE\0\0"s;
  pe += Le(0x14c, 2) + Le(1, 2) + Le(0, 12) + Le(224, 2) + Le(0x102, 2);
  pe += Le(0x10b, 2) + std::string(222, '\0');
  pe += std::string(8, '\0') + Le(0, 8) + Le(size - 512, 4) + Le(512, 4) +
        std::string(16, '\0');
  pe.resize(size);
  return pe;
}

std::string SevenZip() {
  const std::string header = Le(0, 8) + Le(10, 8) + Le(0, 4);
  return "7z\xbc\xaf\x27\x1c\0\4"s + Le(codec::Crc32(AsBytes(header)), 4) +
         header + std::string(10, 'h');
}

std::string Cab() {
  return "MSCF\0\0\0\0"s + Le(60, 4) + std::string(12, '\0') + "\3\1" +
         std::string(34, '\0');
}

std::string Arj() {
  const std::string header = '\x1e' + std::string(33, '\1');
  return "\x60\xea" + Le(header.size(), 2) + header +
         Le(codec::Crc32(AsBytes(header)), 4);
}

TEST(FindEmbedded, FindsEachKindAtAnyOffset) {
  const struct {
    std::string file;
    FileType type;
    FileType same;
  } kCases[] = {
      {Pe(), FileType::kMSEXE, FileType::kANY},
      {zip::Builder().Add(zip::Stored("a", "b")).Finish(), FileType::kZIPSFX,
       FileType::kZIP},
      {"Rar!\x1a\7\0"s, FileType::kRARSFX, FileType::kRAR},
      {"Rar!\x1a\7\1\0"s, FileType::kRARSFX, FileType::kRAR},
      {SevenZip(), FileType::k7ZSFX, FileType::k7Z},
      {Cab(), FileType::kCABSFX, FileType::kMSCAB},
      {Arj(), FileType::kARJSFX, FileType::kARJ},
      {"EGGA\0\1"s, FileType::kEGGSFX, FileType::kEGG},
      {"%PDF-1.4"s, FileType::kPDF, FileType::kPDF},
  };
  for (const auto& c : kCases) {
    // Around the steps that the search goes in.
    for (size_t offset = 1; offset < 100; ++offset) {
      const std::string bytes = std::string(offset, '.') + c.file;
      const auto found =
          FindEmbedded(AsBytes(bytes), FileType::kBINARY_DATA, 0);
      ASSERT_EQ(found.size(), 1U) << offset << FileTypeName(c.type);
      EXPECT_EQ(found[0].type, c.type);
      EXPECT_EQ(found[0].offset, offset);
      EXPECT_EQ(found[0].size, c.file.size());
    }
    EXPECT_TRUE(FindEmbedded(AsBytes(c.file), FileType::kELF, 0).empty());
    EXPECT_EQ(FindEmbedded(AsBytes("." + c.file), c.same, 0).empty(),
              c.same != FileType::kANY);
  }
}

TEST(FindEmbedded, BelievesNoBareSignature) {
  for (const std::string& bytes :
       {"xMZ"s, "xMZ" + std::string(100, '\0'), "xPK\3\4"s,
        "xPK\3\4" + std::string(60, '\0'), "x7z\xbc\xaf\x27\x1c\0\4"s,
        "x7z\xbc\xaf\x27\x1c\0\4" + std::string(60, '\0'), "xMSCF\0\0\0\0"s,
        "xMSCF" + std::string(60, '\0'), "x\x60\xea\x20\0"s,
        "x\x60\xea\x20\0"s + std::string(60, '\0'), "x\xef\xbe\xad\xde"s,
        "xRar!"s}) {
    EXPECT_TRUE(
        FindEmbedded(AsBytes(bytes), FileType::kBINARY_DATA, 0).empty());
  }
}

TEST(FindEmbedded, LeavesWhatLiesInsideAnotherToThatOnesScan) {
  const std::string inner = Pe();
  std::string outer = Pe(2000);
  outer.replace(1000, inner.size(), inner);
  const std::string bytes = "x" + outer + "gap" + inner;
  const auto found = FindEmbedded(AsBytes(bytes), FileType::kBINARY_DATA, 0);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].offset, 1U);
  EXPECT_EQ(found[0].size, 2000U);
  EXPECT_EQ(found[1].offset, 2004U);
}

TEST(FindEmbedded, LooksForExecutablesNoFartherThanTold) {
  const std::string bytes = std::string(500, '.') + Pe();
  EXPECT_EQ(FindEmbedded(AsBytes(bytes), FileType::kPNG, 501).size(), 1U);
  EXPECT_TRUE(FindEmbedded(AsBytes(bytes), FileType::kPNG, 500).empty());
}

TEST(FindEmbedded, LeavesArchivesToTheirReaders) {
  const std::string bytes = "x" + Pe() + Cab();
  EXPECT_EQ(FindEmbedded(AsBytes(bytes), FileType::kMSOLE2, 0).size(), 2U);
  EXPECT_EQ(FindEmbedded(AsBytes(bytes), FileType::k7Z, 0).size(), 1U);
  EXPECT_TRUE(FindEmbedded(AsBytes(bytes), FileType::kPOSIX_TAR, 0).empty());
  EXPECT_TRUE(FindEmbedded(AsBytes(bytes), FileType::kOOXML_XL, 0).empty());
}

TEST(FindEmbedded, ReportsBoundedNumbers) {
  std::string bytes = "x";
  for (int i = 0; i < 1000; ++i) bytes += Cab();
  EXPECT_EQ(FindEmbedded(AsBytes(bytes), FileType::kBINARY_DATA, 0).size(),
            32U);
}

TEST(FindPair, AgreesWithLookingAtEveryByte) {
  // Every pair of the letters that signatures start with, at every place.
  const std::string letters =
      "MZSPKRa7z\x60\xea"
      "EG\xef\xbe\xa3\x48%x";
  std::string bytes;
  for (uint32_t i = 0, seed = 1; i < 20000; ++i) {
    seed = seed * 1103515245 + 12345;
    bytes += letters[(seed >> 16) % letters.size()];
  }
  const std::string_view pairs[] = {"MZ",       "MS",       "PK", "Ra",
                                    "7z",       "\x60\xea", "EG", "\xef\xbe",
                                    "\xa3\x48", "%P"};
  for (size_t at = 0; at <= bytes.size(); ++at) {
    size_t slow = at;
    const auto is_pair = [&] {
      for (const std::string_view pair : pairs) {
        if (std::string_view(bytes).substr(slow, 2) == pair) return true;
      }
      return false;
    };
    while (slow < bytes.size() && !is_pair()) ++slow;
    ASSERT_EQ(detect::FindPair(AsBytes(bytes), at), slow) << at;
  }
}

}  // namespace
}  // namespace vitrine
