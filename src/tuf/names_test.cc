// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tuf/date_time.h"
#include "tuf/paths.h"

namespace vitrine::tuf {
namespace {

TEST(PatternTest, MatchesWithinPartsOnly) {
  EXPECT_TRUE(MatchesPattern("foo.tgz", "foo.tgz"));
  EXPECT_TRUE(MatchesPattern("targets/foo.tgz", "targets/*.tgz"));
  EXPECT_TRUE(MatchesPattern("foo-version-2.tgz", "foo-version-?.tgz"));
  EXPECT_TRUE(MatchesPattern("a/b", "*/*"));
  EXPECT_TRUE(MatchesPattern("", "*"));
  EXPECT_TRUE(MatchesPattern("aXbXXc", "a*b*c"));
  EXPECT_TRUE(MatchesPattern("abab", "*ab"));
  EXPECT_FALSE(MatchesPattern("targets/foo.txt", "targets/*.tgz"));
  EXPECT_FALSE(MatchesPattern("foo-version-alpha.tgz", "foo-version-?.tgz"));
  EXPECT_FALSE(MatchesPattern("targets/foo.tgz", "*.tgz"));
  EXPECT_FALSE(MatchesPattern("a/b", "*"));
  EXPECT_FALSE(MatchesPattern("a/b", "a?b"));
  EXPECT_FALSE(MatchesPattern("a", "a/*"));
  EXPECT_FALSE(MatchesPattern("FOO", "foo"));
  EXPECT_FALSE(MatchesPattern("", "?"));
  EXPECT_FALSE(MatchesPattern("abc", "ab"));
}

TEST(PatternTest, TakesNoBracketsBecauseReadersDiffer) {
  EXPECT_FALSE(MatchesPattern("a", "[a-z]"));
  EXPECT_FALSE(MatchesPattern("[a-z]", "[a-z]"));
  EXPECT_FALSE(MatchesPattern("*", "\\*"));
}

TEST(PatternTest, TakesNoLongerForManyStars) {
  std::string pattern;
  for (int i = 0; i < 500; ++i) pattern += "*a";
  EXPECT_FALSE(MatchesPattern(std::string(1023, 'a') + "b", pattern));
}

TEST(NameTest, QuotesRoleNamesIntoOnePart) {
  EXPECT_EQ(LocalName("targets"), "targets.json");
  EXPECT_EQ(LocalName("../x"), "..%2Fx.json");
  EXPECT_EQ(LocalName("?#%"), "%3F%23%25.json");
  EXPECT_EQ(RemoteName("é", 7), "7.%C3%A9.json");
}

TEST(NameTest, PutsTheDigestBeforeTheLastPart) {
  EXPECT_EQ(TargetName("a", "00"), "00.a");
  EXPECT_EQ(TargetName("a/b/c d", "00"), "a/b/00.c%20d");
  EXPECT_EQ(TargetName("a/b", ""), "a/b");
}

TEST(DateTimeTest, ReadsOneSpelling) {
  EXPECT_EQ(ParseDateTime("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(ParseDateTime("2024-02-29T12:34:56Z"), 1709210096);
  EXPECT_EQ(ParseDateTime("9999-12-31T23:59:59Z"), 253402300799);
  for (const char* text :
       {"", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z", "2024-01-00T00:00:00Z", "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z", "2024-01-01 00:00:00Z",
        "2024-01-01T00:00:00z", "2024-01-01T00:00:00", "2024-01-01T00:00:00.0Z",
        "1969-12-31T23:59:59Z", "2024-1-01T00:00:000Z", "+024-01-01T00:00:00Z",
        "2024-01-01T00:00:00+00:00"}) {
    EXPECT_EQ(ParseDateTime(text), std::nullopt) << text;
  }
}

TEST(DateTimeTest, WritesWhatItReads) {
  for (Time time = 0; time < 4'000'000'000; time += 86'399 * 31) {
    EXPECT_EQ(ParseDateTime(FormatDateTime(time)), time);
  }
}

}  // namespace
}  // namespace vitrine::tuf
