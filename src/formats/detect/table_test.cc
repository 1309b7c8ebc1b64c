// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "formats/detect/detect.h"

namespace vitrine {
namespace {

using Kind = FileTypeEntry::Kind;

FileTypeTable Table(const std::vector<FileTypeEntry>& entries) {
  auto table = FileTypeTable::Create(entries);
  EXPECT_TRUE(table.ok());
  return std::move(table).value();
}

TEST(FileTypeTable, ReplacesTheBuiltInTable) {
  const FileTypeTable table = Table(
      {{Kind::kFixed, 2, "61??63", FileType::kANY, FileType::kPNG},
       {Kind::kPattern, {}, "74657374", FileType::kTEXT_ASCII, FileType::kHTML},
       {Kind::kPattern, 0, "01{1-2}02*03", FileType::kANY, FileType::kMAIL}});
  EXPECT_EQ(Detect(AsBytes("xxabcyy"), &table), FileType::kPNG);
  EXPECT_EQ(Detect(AsBytes("a test it is"), &table), FileType::kHTML);
  EXPECT_EQ(Detect(AsBytes("a text it is"), &table), FileType::kTEXT_ASCII);
  EXPECT_EQ(Detect(AsBytes("MZ and so on"), &table), FileType::kTEXT_ASCII);
  EXPECT_EQ(Detect(AsBytes("\1y\2yyyy\3"), &table), FileType::kMAIL);
  EXPECT_EQ(Detect(AsBytes("\1yy\2\3"), &table), FileType::kMAIL);
  EXPECT_EQ(Detect(AsBytes("\1yyy\2\3"), &table), FileType::kTEXT_UTF16BE);
  // Required TEXT_ASCII, and this is not.
  EXPECT_NE(Detect(AsBytes("\1\1\1\1 test"), &table), FileType::kHTML);
}

TEST(FileTypeTable, FindsEmbeddedKinds) {
  const FileTypeTable table = Table(
      {{Kind::kPattern, {}, "504b0304", FileType::kANY, FileType::kZIPSFX},
       {Kind::kPattern, {}, "4d53??46", FileType::kMSEXE, FileType::kCABSFX}});
  const auto found =
      FindEmbedded(AsBytes("..MSCF..PK\3\4"), FileType::kMSEXE, 0, &table);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].type, FileType::kCABSFX);
  EXPECT_EQ(found[0].offset, 2U);
  EXPECT_EQ(found[1].type, FileType::kZIPSFX);
  EXPECT_EQ(FindEmbedded(AsBytes("..MSCF.."), FileType::kELF, 0, &table).size(),
            0U);
  // It is no type for a whole object.
  EXPECT_EQ(Detect(AsBytes("PK\3\4PK\3\4"), &table), FileType::kTEXT_UTF16BE);
}

TEST(FileTypeTable, RefusesWhatIsNoPattern) {
  for (const std::string pattern :
       {"", "4", "4x", "*41", "41*", "41{", "41{}42", "41{x}42", "41{5-2}42",
        "41{99999999999}42", "41**42"}) {
    const FileTypeEntry entry{
        Kind::kPattern, {}, pattern, FileType::kANY, FileType::kPNG};
    EXPECT_FALSE(FileTypeTable::Create({&entry, 1}).ok()) << pattern;
  }
}

}  // namespace
}  // namespace vitrine
