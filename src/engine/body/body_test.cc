// SPDX-License-Identifier: Apache-2.0
#include "engine/body/body.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace vitrine::engine::body {
namespace {

class ListSink : public MatchSink {
 public:
  bool Add(const Match& match) override {
    matches.push_back(match);
    return true;
  }
  std::vector<Match> matches;
};

Modifiers ModifiersOf(std::string_view letters) {
  Modifiers modifiers;
  for (const char c : letters) {
    if (c == 'i') modifiers.nocase = true;
    if (c == 'w') modifiers.wide = true;
    if (c == 'f') modifiers.fullword = true;
    if (c == 'a') modifiers.ascii = true;
  }
  return modifiers;
}

// Text between quotes becomes hex.
std::string Hex(std::string_view pattern) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  bool quoted = false;
  for (const char c : pattern) {
    if (c == '\'') {
      quoted = !quoted;
    } else if (quoted) {
      out += kDigits[static_cast<uint8_t>(c) >> 4];
      out += kDigits[static_cast<uint8_t>(c) & 15];
    } else {
      out += c;
    }
  }
  return out;
}

std::vector<Match> Find(std::string_view pattern, std::string_view letters,
                        std::string_view text, std::string_view offset = "*") {
  const auto compiled =
      Compile("0", Hex(pattern), offset, ModifiersOf(letters), {0, true});
  EXPECT_TRUE(compiled.ok()) << pattern << ": " << compiled.error().message;
  if (!compiled.ok()) return {};
  ListSink sink;
  const Status status = FindAll(compiled.value().code, {AsBytes(text), nullptr},
                                0, sink, Deadline::Never());
  EXPECT_TRUE(status.ok());
  return sink.matches;
}

size_t Count(std::string_view pattern, std::string_view text,
             std::string_view letters = "") {
  return Find(pattern, letters, text).size();
}

bool Accepts(std::string_view pattern, const Options& options = {0, true}) {
  return Compile("0", Hex(pattern), "*", {}, options).ok();
}

bool AcceptsOffset(std::string_view offset, int target) {
  return Compile("0", "616263", offset, {}, {target, true}).ok();
}

// All counts here were taken from clamscan 1.4.6.
TEST(FindAll, CountsOverlappingMatches) {
  EXPECT_EQ(Count("'aa'", "aaaaa"), 4u);
  EXPECT_EQ(Count("'aaa'", "aaaaa"), 3u);
}

TEST(FindAll, CountsOneForEachPlaceOfTheLastPart) {
  EXPECT_EQ(Count("'aa'*'bb'", "aabbbb"), 3u);
  EXPECT_EQ(Count("'aa'*'bb'", "aaaabbbb"), 3u);
  EXPECT_EQ(Count("'aa'{1-2}'bb'", "aaXbbXaaXXbb"), 2u);
  EXPECT_EQ(Count("'aa'{1-9}'bb'", "aaXbbbbb"), 4u);
}

TEST(FindAll, MeasuresGapsFromAnyEarlierPart) {
  EXPECT_EQ(Count("'aa'{1-2}'bb'", "aaaaXbb"), 1u);
  EXPECT_EQ(Count("'aa'{-4}'bb'", "aaaabb"), 1u);
  EXPECT_EQ(Count("'aa'{4-2}'bb'", "aaXXXbb"), 0u);
  EXPECT_EQ(Count("'ab'*'bc'", "abc"), 0u);
  EXPECT_EQ(Count("'abc'*'bc'", "abcbc"), 1u);
}

TEST(FindAll, TakesAGapOfNothingForAnyDistance) {
  EXPECT_EQ(Count("'aa'{0}'bb'", "aaXXXXXXXbb"), 1u);
  EXPECT_EQ(Count("'aa'{0-0}'bb'", "aaXbb"), 1u);
  EXPECT_EQ(Count("'aa'{-0}'bb'", "aabb"), 1u);
}

TEST(FindAll, RemembersTheFirstAndTheLastEightOfAPart) {
  // Ten of the first part: the first and the third to tenth are known.
  const std::string text = "abXXabXXabXXabXXabXXabXXabXXabXXabXXabXXcd";
  EXPECT_EQ(Count("'ab'{38-38}'cd'", text), 1u);
  EXPECT_EQ(Count("'ab'{34-34}'cd'", text), 0u);
  EXPECT_EQ(Count("'ab'{30-30}'cd'", text), 1u);
}

TEST(FindAll, NeedsTheBytesOfLeadingAndTrailingGaps) {
  EXPECT_EQ(Count("{3}'bbcc'", "XbbccbbccX"), 1u);
  EXPECT_EQ(Count("'bbcc'{3}", "XXXbbccXX"), 0u);
  EXPECT_EQ(Count("'bbcc'{3}", "XXXbbccXXX"), 1u);
  EXPECT_EQ(Count("'bb'{200}'cc'", "bb" + std::string(200, 'X') + "cc"), 1u);
}

TEST(FindAll, TriesAlternativesInTheirOrder) {
  EXPECT_EQ(Count("'aa'('b'|'bc')'c'", "aabcc"), 1u);
  EXPECT_EQ(Count("'aa'('bb'|'b'){1-1}'cc'", "aabbbcc"), 1u);
  EXPECT_EQ(Count("'aa'('b'|'bb'){1-1}'cc'", "aabbbcc"), 0u);
  EXPECT_EQ(Count("'aa'('b'('c'|'dd')'e'|'f')'gg'", "aabddegg"), 1u);
}

TEST(FindAll, PutsSinglesAndEdgesBesideThePart) {
  EXPECT_EQ(Count("'aa'[1-3]'b'", "aaXbbb"), 1u);
  EXPECT_EQ(Count("'aa'{3-3}'a'[1-3]'bb'", "aaXaXbb"), 1u);
  EXPECT_EQ(Count("'bb'[1-3]'a'{3-3}'cc'", "bbXaXcc"), 1u);
  EXPECT_EQ(Count("'abcd'(L)", "abcd\nabcd\r\nabcd\rabcd"), 3u);
  EXPECT_EQ(Count("(L)'abcd'", "xbcd\nabcd\r\nabcd\rabcd"), 2u);
  EXPECT_EQ(Count("'ab'(B)'cd'", "ab cd ab=cd abXcd"), 2u);
}

TEST(FindAll, ObeysModifiers) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(Count("'ab-1'", "AB-1 ab-1 aB\r1", "i"), 2u);
  EXPECT_EQ(Count("'abc'", "a\0b\0c\0 abc"sv, "w"), 1u);
  EXPECT_EQ(Count("'abc'", "a\0B\0c\0 ABC"sv, "iwa"), 2u);
  EXPECT_EQ(Count("'abc'", "abc xabc abcx abc", "f"), 2u);
  EXPECT_EQ(Count("'ab'", "a\0b\0x\0"sv, "wf"), 0u);
  EXPECT_EQ(Count("'ab'(W)", "a\0b\0x\0"sv, "w"), 0u);
  EXPECT_EQ(Count("'ab'", "a\0b\0xx"sv, "wf"), 1u);
  EXPECT_EQ(Count("'ab'", "a\0b\0x"sv, "wf"), 0u);
}

TEST(FindAll, ReportsWhereAMatchStarts) {
  EXPECT_EQ(Find("'bb'{2}'c'", "", "XbbXXcX"), (std::vector<Match>{{1, 5, 0}}));
  EXPECT_EQ(Find("(B)'bb'*'cc'", "", "X bbXXccXcc"),
            (std::vector<Match>{{2, 6, 0}, {2, 9, 0}}));
}

TEST(FindAll, KeepsToTheOffset) {
  const std::string text = "....TAIL....TAIL";
  EXPECT_EQ(Find("'TAIL'", "", text, "4").size(), 1u);
  EXPECT_EQ(Find("'TAIL'", "", text, "3").size(), 0u);
  EXPECT_EQ(Find("'TAIL'", "", text, "3,1").size(), 1u);
  EXPECT_EQ(Find("'TAIL'", "", text, "EOF-4").size(), 1u);
  EXPECT_EQ(Find("'TAIL'", "", text, "EOF-12,8").size(), 2u);
  EXPECT_EQ(Find("'TAIL'", "", text, "EOF-17,8").size(), 0u);
}

TEST(Compile, RefusesWhatClamscanRefuses) {
  EXPECT_FALSE(Accepts("'a'"));
  EXPECT_TRUE(Accepts("'aa'"));
  EXPECT_FALSE(Accepts("'aa'", {0, false}));
  EXPECT_TRUE(Accepts("'aa'('b'{1}'c'|'dd'){-2}'ee'"));
  EXPECT_FALSE(Accepts("'ee'{-2}'aa'('b'{1}'c'|'dd')"));
  EXPECT_TRUE(Accepts("'aa'", {1, false}));
  for (const char* bad : {"",
                          "6",
                          "'aa'6",
                          "zz",
                          "*'aa'",
                          "'aa'*",
                          "'aa'**'bb'",
                          "'aa'*'b'",
                          "'aa'#'bb'",
                          "'aa'{2-'bb'",
                          "'aa'()'bb'",
                          "61(62|63|64)65",
                          "'ab'[3]'c'",
                          "'ab'[2-1]'c'",
                          "'ab'[1-33]'c'",
                          "'ab'[1-2]'cd'",
                          "'aa'!('b'|'cc')'gg'",
                          "'aa'('b'*'c'|'d')'gg'",
                          "'aa'('b'{1-2}'c'|'d')'gg'",
                          "'aa'('b'|'c'",
                          "'aa'|'bb'"}) {
    EXPECT_FALSE(Accepts(bad)) << bad;
  }
}

TEST(Compile, RefusesWhatClamscanCannotFilter) {
  EXPECT_FALSE(Accepts("61(6162|6263)6162", {0, true}));
  EXPECT_FALSE(Accepts("6?(6162|6263)6162", {7, true}));
  EXPECT_TRUE(Accepts("616?(6162|6263)6162", {0, true}));
  EXPECT_TRUE(Accepts("61(6162|6263)6162", {2, true}));
}

TEST(Compile, RefusesOffsetsThatTheTargetDoesNotHave) {
  EXPECT_FALSE(AcceptsOffset("EP+0", 0));
  EXPECT_FALSE(AcceptsOffset("VI", 0));
  EXPECT_FALSE(AcceptsOffset("S1-4", 1));
  EXPECT_FALSE(AcceptsOffset("XX+1", 1));
  EXPECT_FALSE(AcceptsOffset("$33", 0));
  for (const char* good : {"*", "0", "12,34", "EOF-4", "EP+0", "EP-3",
                           "S0+0,16", "SL+2", "SE1", "VI", "$12"}) {
    EXPECT_TRUE(AcceptsOffset(good, 1)) << good;
  }
}

}  // namespace
}  // namespace vitrine::engine::body
