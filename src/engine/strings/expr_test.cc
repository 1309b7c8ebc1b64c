// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "engine/strings/collect.h"
#include "engine/strings/strings.h"

namespace vitrine::engine::strings {
namespace {

using namespace std::string_literals;

Spans FindHex(std::string_view body, std::string_view object) {
  return Find(CompileHex("$a", body, {}), object);
}

Spans FindRegex(std::string_view source, std::string_view flags,
                const Modifiers& modifiers, std::string_view object) {
  return Find(CompileRegex("$a", source, flags, modifiers), object);
}

std::string HexError(std::string_view body) {
  const auto compiled = CompileHex("$a", body, {});
  return compiled.ok() ? "" : compiled.error().message;
}

bool HexIsSlow(std::string_view body) {
  return !CompileHex("$a", body, {}).value().warnings.empty();
}

TEST(Hex, RefusesWhatYaraRefuses) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "syntax error"},
      {"01 [-]", "syntax error"},
      {"[-] 01", "syntax error"},
      {"01 [-5] 02", "syntax error"},
      {"01 [] 02", "syntax error"},
      {"(01|)", "syntax error"},
      {"()", "syntax error"},
      {"01 | 02", "syntax error"},
      {"01 02 ([-] 03 | 04)", "syntax error"},
      {"01 02 (03 [1-2] | 04)", "syntax error"},
      {"01 [0] 02", "invalid jump length"},
      {"01 [3-2] 02", "invalid jump range"},
      {"61 [0-4294967297] 62", "jump length too large"},
      {"61 [0-2147483648] 62", "jump length too large"},
      {"01 02 (03 [-] | 04)",
       "unbounded jumps not allowed inside alternation (|)"},
      {"01 (02 [300] 03|04) 05",
       "jumps over 200 not allowed inside alternation (|)"},
      {"01 (02 [150] [150] 03|04) 05",
       "jumps over 200 not allowed inside alternation (|)"},
      {"01 02 ~", "invalid not operator (~) in hex string"},
      {"01 ~0 11", "invalid not operator (~) in hex string"},
      {"01 ~?? 11", "invalid not operator (~) in hex string"},
      {"01 ~(02|03)", "invalid not operator (~) in hex string"},
      {"1", "uneven number of digits in hex string"},
      {"0 1", "uneven number of digits in hex string"},
      {"01 ?", "invalid character in hex string"},
      {"GG", "invalid character in hex string"},
  };
  for (const auto& [body, what] : cases) {
    EXPECT_EQ(HexError(body), std::string("invalid hex string \"$a\": ") + what)
        << body;
  }
}

TEST(Hex, RefusesEndlessNesting) {
  const std::string deep(100000, '(');
  EXPECT_FALSE(CompileHex("$a", "01" + deep, {}).ok());
  std::string jumps = "01";
  for (int i = 0; i < 1000; ++i) jumps += "[-]01";
  EXPECT_FALSE(CompileHex("$a", jumps, {}).ok());
}

TEST(Hex, FindsBytesMasksAndJumps) {
  EXPECT_EQ(FindHex("01 ?? 03", "\1\2\3\1\3"), (Spans{{0, 3}}));
  EXPECT_EQ(FindHex("?? ??", "abcd"), (Spans{{0, 2}, {1, 2}, {2, 2}}));
  EXPECT_EQ(FindHex("?1 1? ~1? ~?1 ~05", "\x11\x1f\x21\x12\x06"),
            (Spans{{0, 5}}));
  EXPECT_EQ(FindHex("31 32 [0-2] 34 [0-2] 34 [2-3] 34", "123440004"),
            (Spans{{0, 9}}));
  EXPECT_EQ(FindHex("01 [0-2] 02 [0-2] 03", "\1\1\2\2\3\3"),
            (Spans{{0, 5}, {1, 4}}));
  EXPECT_EQ(FindHex("01 [ 1 - 2 ] [1] 02", "\1..\2"), (Spans{{0, 4}}));
  EXPECT_EQ(FindHex("0102 // a comment }\n /* 04 */ 03", "\1\2\3"),
            (Spans{{0, 3}}));
}

TEST(Hex, TriesAlternativesInTheOrderOfYara) {
  EXPECT_EQ(FindHex("01 02 (03|03 04) 05", "\1\2\3\5\1\2\3\4\5"),
            (Spans{{0, 4}, {4, 5}}));
  EXPECT_EQ(FindHex("01 02 (03|03 04)", "\1\2\3\4"), (Spans{{0, 3}}));
  EXPECT_EQ(FindHex("01 02 (03 04|03)", "\1\2\3\4"), (Spans{{0, 4}}));
  EXPECT_EQ(FindHex("~?2 (01 02|01)", "\x03\1\2"), (Spans{{0, 2}}));
  EXPECT_EQ(FindHex("01 (02|(03|04) 05) 06", "\1\4\5\6"), (Spans{{0, 4}}));
}

TEST(Hex, ChainsOverLongJumps) {
  EXPECT_EQ(FindHex("01 02 [-] 03 04", "\1\2\1\2..\3\4..\3\4"),
            (Spans{{0, 8}, {2, 6}}));
  EXPECT_EQ(
      FindHex("01 02 [-] 03 04 [-] 05 06", "\1\2\5\6\3\4..\3\4\5\6..\5\6"),
      (Spans{{0, 12}}));
  EXPECT_EQ(FindHex("01 02 [2-2000] 03 04 [1-3] 05",
                    "\1\2..\3\4.\4\5..\3\4....\5..........\3\4.\5"),
            (Spans{{0, 9}}));
  EXPECT_EQ(FindHex("31[-][8-][-]30", "1234567890"), (Spans{{0, 10}}));
  EXPECT_TRUE(FindHex("31[-][9-][-]30", "1234567890").empty());
  const std::string far = "\1\2x\3"s + "\1\2" + std::string(300, 'y') + "\3\3";
  EXPECT_EQ(FindHex("01 02 [0-300] 03", far), (Spans{{0, 4}, {4, 303}}));
  EXPECT_TRUE(FindHex("01 02 [0-299] 03", "\1\2" + std::string(300, 'y') + "\3")
                  .empty());
}

// The first segment's matches reach past the second's dead ends.
TEST(Hex, ChainsPastDeadEnds) {
  std::string object = "\1\1";
  for (int i = 0; i < 5000; ++i) object += "\2\2";
  object += "\3";
  const auto matches = FindHex("01 [201-] 02 02 [201-400] 03", object);
  ASSERT_EQ(matches.size(), 2u);
  EXPECT_EQ(matches[0].second, object.size());
  EXPECT_EQ(matches[1].second, object.size() - 1);
}

TEST(Hex, ChainsInLinearTime) {
  const std::string zeros(1 << 19, '\0');
  EXPECT_TRUE(FindHex("00 00 [-] 00 [300-400] FF", zeros).empty());
  EXPECT_TRUE(FindHex("00 00 [-] 00 [300-400] FF", zeros + "\xff").size() > 0);
}

TEST(Hex, WarnsWhereYaraWarns) {
  for (const char* body :
       {"01", "01 ??", "01 ?? ?? 02", "68 ?? 00 ?? 00 68 ?? 00 ?? 00",
        "1? 2? 3? 04", "1? ?? 03", "00 01", "00 00 00", "FF FF FF FF",
        "22 66 ?? 6?", "2e 7? (65 | ?? ) 78", "0? ?? 02 02 [3] 02",
        "11 55 [1] C?"}) {
    EXPECT_TRUE(HexIsSlow(body)) << body;
  }
  for (const char* body :
       {"01 ?? ?2 03", "01 ?? 02 1?", "(61 62 63 64 ?? | 65 ?? ?? 00 00 66)",
        "00 00 01", "00 00 00 01", "20 01 02", "01 02", "?? 01 02",
        "11 55 [1-1] C?"}) {
    EXPECT_FALSE(HexIsSlow(body)) << body;
  }
}

TEST(Hex, ChecksFixedStringsAtOnce) {
  const auto fixed = CompileHex("$a", "01 ?? 03 04", {});
  const auto& pattern = fixed.value().pattern;
  const Bytes object = AsBytes("\1\2\3\4\1\2\3\5");
  EXPECT_EQ(Check(pattern.kind, pattern.code, object, 2, 2), Candidate::kYes);
  EXPECT_EQ(Check(pattern.kind, pattern.code, object, 6, 2), Candidate::kNo);
  EXPECT_EQ(Check(pattern.kind, pattern.code, object, 1, 2), Candidate::kNo);
  ASSERT_FALSE(pattern.choices.empty());
  EXPECT_EQ(pattern.choices[0][0].bytes, (ByteVector{3, 4}));
  EXPECT_EQ(pattern.choices[0][0].offset, 2);
  const auto loose = CompileHex("$a", "01 02 [1-3] 03", {});
  EXPECT_EQ(Check(loose.value().pattern.kind, loose.value().pattern.code,
                  object, 0, 0),
            Candidate::kMaybe);
}

TEST(RegexString, FindsNarrowAndWide) {
  EXPECT_EQ(
      FindRegex("a.{1}1", "", {.ascii = true, .wide = true}, "a\0b\0001\0\0"s),
      (Spans{{0, 6}}));
  EXPECT_EQ(
      FindRegex("a.*b", "s", {.ascii = true, .wide = true}, "a\0b\0001\0bb"s),
      (Spans{{0, 4}}));
  EXPECT_EQ(
      FindRegex("a.*?b", "s", {.ascii = true, .wide = true}, "a\0b\0001\0bb"s),
      (Spans{{0, 3}}));
  EXPECT_EQ(FindRegex("ab$", "", {.wide = true}, "a\0b\0"s), (Spans{{0, 4}}));
  EXPECT_TRUE(FindRegex("ab$", "", {.wide = true}, "a\0b\0\0"s).empty());
  EXPECT_EQ(FindRegex("\\bab", "", {.wide = true}, "ca\0b\0c\0"s),
            (Spans{{1, 4}}));
  EXPECT_EQ(FindRegex("\\Bab", "", {.wide = true}, "c\0a\0b\0c\0"s),
            (Spans{{2, 4}}));
  EXPECT_EQ(FindRegex("\\w*$", "", {.wide = true}, "a\0b\0"s),
            (Spans{{0, 4}, {2, 2}}));
}

TEST(RegexString, HonoursFullword) {
  EXPECT_EQ(FindRegex("ab.*", "", {.fullword = true}, "abc abd"),
            (Spans{{0, 7}, {4, 3}}));
  EXPECT_TRUE(FindRegex("ab.*?", "", {.fullword = true}, "abc abd").empty());
  EXPECT_EQ(FindRegex("abc?", "", {.fullword = true}, "abcd abc abd"),
            (Spans{{5, 3}}));
  EXPECT_TRUE(
      FindRegex("ab+", "", {.wide = true, .fullword = true}, "x\0a\0b\0 \0"s)
          .empty());
}

TEST(RegexString, ReportsEmptyMatches) {
  EXPECT_EQ(FindRegex("a*", "", {}, "aab"), (Spans{{0, 2}, {1, 1}, {2, 0}}));
  EXPECT_EQ(FindRegex("\\b", "", {}, "abc de"),
            (Spans{{0, 0}, {3, 0}, {4, 0}}));
  EXPECT_TRUE(FindRegex("$", "", {}, "abc").empty());
}

TEST(RegexString, ReportsTheMatchWhoseAtomComesFirst) {
  EXPECT_EQ(FindRegex("fooo|foo|fo", "", {}, "fooo"), (Spans{{0, 2}}));
  EXPECT_EQ(FindRegex("fo+|foo", "", {}, "fooo"), (Spans{{0, 3}}));
  EXPECT_EQ(FindRegex("(ab|a)(bcd|c)", "", {}, "abcd"), (Spans{{0, 4}}));
  EXPECT_EQ(FindRegex("m.*?ssi", "", {}, "mississippi"), (Spans{{0, 5}}));
  EXPECT_EQ(FindRegex("m.*ssi", "", {}, "mississippi"), (Spans{{0, 8}}));
}

TEST(RegexString, TakesLongLazyDotsForJumps) {
  const std::string far = "abc" + std::string(9000, '\n') + "def";
  EXPECT_EQ(FindRegex("abc.{300,}?def", "", {}, far), (Spans{{0, 9006}}));
  EXPECT_TRUE(FindRegex("abc.{300,}def", "", {}, far).empty());
  EXPECT_TRUE(FindRegex("abc.*?def", "", {}, far).empty());
  EXPECT_EQ(FindRegex("abc.{0,300}?def", "", {}, "abc\n\ndef"),
            (Spans{{0, 8}}));
  EXPECT_TRUE(FindRegex("abc.{0,200}?def", "", {}, "abc\n\ndef").empty());
}

TEST(RegexString, ExplainsErrorsAndWarnings) {
  const auto message = [](const char* source) {
    const auto compiled = CompileRegex("$a", source, "", {});
    return compiled.ok() ? "" : compiled.error().message;
  };
  EXPECT_EQ(message("(abc"), "invalid regular expression \"$a\": syntax error");
  EXPECT_EQ(message("a*?b+"),
            "greedy and ungreedy quantifiers can't be mixed in a regular "
            "expression");
  EXPECT_EQ(CompileRegex("$a", "abcd.*efgh", "", {}).value().warnings,
            (std::vector<std::string>{
                "$a contains .*, .+ or .{x,} consider using .{,N}, .{1,N} or "
                "{x,N} with a reasonable value for N"}));
  EXPECT_EQ(CompileRegex("$a", "a[bx]c", "", {}).value().warnings,
            (std::vector<std::string>{"string \"$a\" may slow down scanning"}));
}

TEST(RegexString, StopsAtTheDeadline) {
  const auto compiled = CompileRegex("$a", "a.*b", "s", {});
  std::string object(1 << 22, 'a');
  for (size_t i = 0; i < object.size(); i += 5000) object[i] = 'b';
  Collector sink;
  const Status status =
      FindAll(ir::PatternKind::kRegex, compiled.value().pattern.code,
              AsBytes(object), 0, sink, Deadline{Deadline::Clock::now()});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::kDeadline);
}

TEST(RegexString, RefusesHostileCode) {
  const auto code =
      CompileHex("$a", "01 02 [-] (03|04 05) [-] 06", {}).value().pattern.code;
  for (size_t size = 0; size < code.size(); ++size) {
    Collector sink;
    EXPECT_FALSE(FindAll(ir::PatternKind::kRegex, Bytes(code).first(size),
                         AsBytes("\1\2\3\6"), 0, sink, Deadline::Never())
                     .ok());
  }
}

}  // namespace
}  // namespace vitrine::engine::strings
