// SPDX-License-Identifier: Apache-2.0
#include "update/release/changes.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "update/release/limits.h"

namespace vitrine::update {
namespace {

using How = Change::How;
using What = Change::What;

ChangeList Sample() {
  return {"main",
          7,
          6,
          {{"Jane Doe",
            "GPL-2.0-only",
            "The loader that was seen in October",
            {{How::kAdded, What::kRule, "yara/loader.yar", "loader_a"},
             {How::kRemoved, What::kHash, "daily.hsb", "Win.Old-1"},
             {How::kChanged, What::kRule, "main.ldb", "Win.Some-2"}}},
           {"John",
            "CC0-1.0",
            "A false alarm",
            {{How::kAdded, What::kAllow, "local.fp", "setup.exe"}}}}};
}

TEST(Changes, AreSpelledAsTheSpecificationSays) {
  EXPECT_EQ(FormatChanges(Sample()).value(),
            "vitrine/changes/v1\n"
            "channel main\n"
            "version 7\n"
            "from 6\n"
            "summary +2 -1 ~1 allow+1\n"
            "\n"
            "author Jane Doe\n"
            "licence GPL-2.0-only\n"
            "reason The loader that was seen in October\n"
            "+ rule yara/loader.yar loader_a\n"
            "- hash daily.hsb Win.Old-1\n"
            "~ rule main.ldb Win.Some-2\n"
            "\n"
            "author John\n"
            "licence CC0-1.0\n"
            "reason A false alarm\n"
            "+ allow local.fp setup.exe\n");
}

TEST(Changes, ReadWhatWasWritten) {
  EXPECT_EQ(ParseChanges(FormatChanges(Sample()).value()).value(), Sample());
  const ChangeList nothing = {"main", 2, 1, {}};
  EXPECT_EQ(ParseChanges(FormatChanges(nothing).value()).value(), nothing);
}

TEST(Changes, CountFilesInAFirstRelease) {
  ChangeList list = {
      "main",
      1,
      std::nullopt,
      {{"a", "b", "c", {{How::kAdded, What::kFile, "x", "85"}}}}};
  EXPECT_EQ(Summarise(list).added, 85u);
  EXPECT_EQ(ParseChanges(FormatChanges(list).value()).value(), list);
  list.from = 1;
  list.version = 2;
  EXPECT_FALSE(FormatChanges(list).ok());
}

TEST(Changes, RefuseEverySecondSpelling) {
  const std::string good = FormatChanges(Sample()).value();
  for (const auto& [from, to] :
       std::initializer_list<std::pair<std::string, std::string>>{
           {"changes/v1", "changes/v2"},
           {"channel main", "channel ma/in"},
           {"channel main", "channel Main"},
           {"version 7", "version 07"},
           {"version 7", "version 0"},
           {"from 6", "from"},
           {"summary +2", "summary +3"},
           {"summary +2", "summary  +2"},
           {"author Jane", "author  Jane"},
           {"author Jane Doe\n", ""},
           {"reason The", "reason\tThe"},
           {"+ rule yara", "+  rule yara"},
           {"+ rule yara", "+ file yara"},
           {"+ rule yara", "* rule yara"},
           {"loader_a", "loader\x1b_a"},
           {"loader_a", "loader\xff_a"},
           {"loader_a", "loader_a\r"},
           {"loader_a", "loader_a b"},
           {"setup.exe\n", "setup.exe"},
           {"setup.exe\n", "setup.exe\n\n"},
       }) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    EXPECT_FALSE(ParseChanges(text).ok()) << from << " " << to;
  }
}

TEST(Changes, OfTheSpecificationAreSome) {
  std::ifstream in(VITRINE_SOURCE_DIR "/docs/spec/changes.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  const size_t at = page.find("```\nvitrine/changes/v1\n") + 4;
  const std::string example = page.substr(at, page.find("```", at) - at);
  const auto list = ParseChanges(example);
  ASSERT_TRUE(list.ok()) << list.error().message;
  EXPECT_EQ(list.value().groups.size(), 2u);
}

TEST(Changes, EscapeWhatCouldMisleadAPerson) {
  EXPECT_EQ(SingleLine(" a\nb\x1b[2J ", 100), "a\\x0ab\\x1b[2J");
  EXPECT_EQ(SingleWord("a b\xff", 100), "a\\x20b\\xff");
  EXPECT_EQ(SingleLine("\xc3\xa4\xc3\xa4", 3), "\xc3\xa4");
  ChangeList list = Sample();
  list.groups[0].changes[0].name = "two words";
  EXPECT_FALSE(FormatChanges(list).ok());
  list.groups[0].changes[0].name =
      SingleWord("two words" + std::string(1000, 'x'), kRuleNameMax);
  EXPECT_TRUE(FormatChanges(list).ok());
}

}  // namespace
}  // namespace vitrine::update
