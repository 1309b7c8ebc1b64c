// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "engine/strings/base64.h"
#include "engine/strings/collect.h"
#include "engine/strings/naive_search.h"
#include "engine/strings/strings.h"

namespace vitrine::engine::strings {
namespace {

using namespace std::string_literals;

std::string ErrorOf(std::string_view text, const Modifiers& modifiers) {
  const auto compiled = CompileText("$a", AsBytes(text), modifiers);
  return compiled.ok() ? "" : compiled.error().message;
}

bool IsSlowText(std::string_view text, const Modifiers& modifiers) {
  return !CompileText("$a", AsBytes(text), modifiers).value().warnings.empty();
}

TEST(Text, RefusesModifiersThatDoNotMix) {
  EXPECT_EQ(ErrorOf("ab", {.nocase = true, .is_xor = true}),
            "invalid modifier combination: xor nocase");
  EXPECT_EQ(ErrorOf("ab", {.nocase = true, .base64 = true}),
            "invalid modifier combination: base64 nocase");
  EXPECT_EQ(ErrorOf("ab", {.is_xor = true, .base64 = true}),
            "invalid modifier combination: base64 xor");
  EXPECT_EQ(ErrorOf("ab", {.is_xor = true, .base64wide = true}),
            "invalid modifier combination: base64wide xor");
  EXPECT_EQ(ErrorOf("ab", {.fullword = true, .base64 = true}),
            "invalid modifier combination: base64 fullword");
  EXPECT_EQ(ErrorOf("ab", {.base64 = true, .base64_alphabet = "AXS"}),
            "length of base64 alphabet must be 64");
  EXPECT_EQ(ErrorOf("ab", {.base64 = true,
                           .base64wide = true,
                           .base64wide_alphabet = std::string(64, 'x')}),
            "can not specify multiple alphabets");
  EXPECT_EQ(ErrorOf("ab", {.is_xor = true, .xor_min = 200, .xor_max = 10}),
            "xor lower bound exceeds upper bound");
  EXPECT_EQ(ErrorOf("", {}), "empty string \"$a\"");
  EXPECT_EQ(ErrorOf("ab", {.fullword = true, .is_xor = true}), "");
}

TEST(Text, WarnsWhereYaraWarns) {
  EXPECT_TRUE(IsSlowText("a", {}));
  EXPECT_TRUE(IsSlowText("a", {.wide = true}));
  EXPECT_TRUE(IsSlowText("    ", {}));
  EXPECT_TRUE(IsSlowText(std::string(20, 'A'), {.is_xor = true}));
  EXPECT_TRUE(IsSlowText("ab", {.is_xor = true}));
  EXPECT_TRUE(IsSlowText("\0\0\0a"s, {.ascii = true, .wide = true}));
  EXPECT_FALSE(IsSlowText("\0\0\0a"s, {}));
  EXPECT_FALSE(IsSlowText("ab", {.is_xor = true, .xor_max = 5}));
  EXPECT_FALSE(IsSlowText("ab", {.wide = true, .is_xor = true}));
  EXPECT_FALSE(IsSlowText("foo", {.wide = true}));
  EXPECT_FALSE(IsSlowText("MZ", {}));
  EXPECT_FALSE(IsSlowText("ZZ", {}));
}

TEST(Text, FindsOverlappingMatches) {
  EXPECT_EQ(Find(CompileText("$a", AsBytes("aaa"), {}), "aaaaa"),
            (Spans{{0, 3}, {1, 3}, {2, 3}}));
  EXPECT_EQ(Find(CompileText("$a", AsBytes("aaa"), {}), "aaaaa", 2),
            (Spans{{2, 3}}));
  EXPECT_TRUE(Find(CompileText("$a", AsBytes("aaa"), {}), "aaaaa", 9).empty());
}

TEST(Text, FullwordMeansNoLetterOrDigitBeside) {
  const auto ascii = CompileText("$a", AsBytes("ab"), {.fullword = true});
  EXPECT_EQ(Find(ascii, "ab_ xab abx 1ab ab"), (Spans{{0, 2}, {16, 2}}));
  const auto wide =
      CompileText("$a", AsBytes("ab"), {.wide = true, .fullword = true});
  EXPECT_EQ(Find(wide, "x\0a\0b\0 xa\0b\0x  a\0b\0x\0 _a\0b\0_\0"s),
            (Spans{{8, 4}, {23, 4}}));
}

TEST(Text, XorFindsAllKeysAndSaysWhich) {
  const auto compiled =
      CompileText("$a", AsBytes("ab"), {.is_xor = true, .xor_max = 5});
  Collector sink;
  const ByteVector object = {'a', 'b', '`', 'c', 'a', 'b', 0, 3};
  ASSERT_TRUE(FindAll(ir::PatternKind::kText, compiled.value().pattern.code,
                      object, 0, sink, Deadline::Never())
                  .ok());
  EXPECT_EQ(sink.matches,
            (std::vector<Match>{{0, 2, 0}, {2, 2, 1}, {4, 2, 0}}));
}

TEST(Text, Base64KeepsWhatDependsOnNothingElse) {
  const auto forms = [](std::string_view text) {
    std::vector<std::string> out;
    for (const auto& form : Base64Forms(AsBytes(text), "")) {
      out.emplace_back(AsText(form));
    }
    return out;
  };
  using Forms = std::vector<std::string>;
  EXPECT_EQ(forms("a"), (Forms{"Y", "h"}));
  EXPECT_EQ(forms("ab"), (Forms{"YW", "Fi", "hY"}));
  EXPECT_EQ(forms("abc"), (Forms{"YWJj", "FiY", "hYm"}));
  EXPECT_EQ(forms("This program cannot"),
            (Forms{"VGhpcyBwcm9ncmFtIGNhbm5vd", "RoaXMgcHJvZ3JhbSBjYW5ub3",
                   "UaGlzIHByb2dyYW0gY2Fubm90"}));
}

TEST(Text, FindsBase64InAllShapes) {
  const auto both =
      CompileText("$a", AsBytes("abc"), {.base64 = true, .base64wide = true});
  EXPECT_EQ(Find(both, "YWJj F\0i\0Y\0"s), (Spans{{0, 4}, {5, 6}}));
  const auto wide =
      CompileText("$a", AsBytes("a"), {.wide = true, .base64 = true});
  EXPECT_EQ(Find(wide, "YQAhAGEA"), (Spans{{0, 2}, {3, 2}, {6, 2}}));
}

TEST(Text, StopsWhenTheSinkHasEnough) {
  Collector sink(2);
  const auto compiled = CompileText("$a", AsBytes("a"), {});
  ASSERT_TRUE(FindAll(ir::PatternKind::kText, compiled.value().pattern.code,
                      AsBytes("aaaaaa"), 0, sink, Deadline::Never())
                  .ok());
  EXPECT_EQ(sink.matches.size(), 2u);
}

TEST(Text, AgreesWithNaiveSearch) {
  std::mt19937 random(7);
  const auto below = [&](size_t bound) { return random() % bound; };
  for (int i = 0; i < 20000; ++i) {
    const std::string alphabet = std::vector<std::string>{
        "ab", "aAbB1 _", "ab\0"s, "\x01\x02\x03"}[below(4)];
    const auto letters = [&](size_t count) {
      std::string out;
      for (size_t n = 0; n < count; ++n)
        out += alphabet[below(alphabet.size())];
      return out;
    };
    Modifiers modifiers;
    modifiers.ascii = below(2) == 0;
    modifiers.wide = below(2) == 0;
    modifiers.fullword = below(3) == 0;
    modifiers.nocase = below(3) == 0;
    if (!modifiers.nocase && below(3) == 0) {
      modifiers.is_xor = true;
      modifiers.xor_min = static_cast<uint8_t>(below(3));
      modifiers.xor_max = static_cast<uint8_t>(modifiers.xor_min + below(250));
    }
    const std::string text = letters(1 + below(5));
    std::string object;
    while (object.size() < 80) {
      const auto key = static_cast<char>(below(4) == 0 ? below(256) : 0);
      for (const char c : below(2) == 0 ? text : letters(3)) {
        object += static_cast<char>(c ^ key);
        if (modifiers.wide && below(8) != 0) object += key;
      }
    }
    const auto compiled = CompileText("$a", AsBytes(text), modifiers);
    ASSERT_TRUE(compiled.ok());
    const auto expected =
        NaiveSearch(AsBytes(text), modifiers, AsBytes(object));
    Spans spans;
    for (const auto& [at, match] : expected) {
      spans.emplace_back(at, match.first);
    }
    ASSERT_EQ(Find(compiled, object), spans) << i;
    const auto& pattern = compiled.value().pattern;
    for (uint64_t at = 0; at < object.size(); ++at) {
      ASSERT_EQ(Check(pattern.kind, pattern.code, AsBytes(object), at, 0),
                expected.contains(at) ? Candidate::kYes : Candidate::kNo);
    }
  }
}

TEST(Text, AtomsCoverEveryForm) {
  const auto both =
      CompileText("$a", AsBytes("abc"), {.ascii = true, .wide = true});
  ASSERT_EQ(both.value().pattern.choices.size(), 1u);
  EXPECT_EQ(both.value().pattern.choices[0].size(), 2u);
  const auto keys = CompileText("$a", AsBytes("abcdef"),
                                {.is_xor = true, .xor_min = 1, .xor_max = 16});
  EXPECT_EQ(keys.value().pattern.choices[0].size(), 16u);
  const auto base64 = CompileText("$a", AsBytes("abc"), {.base64 = true});
  EXPECT_EQ(base64.value().pattern.choices[0].size(), 3u);
}

TEST(Text, RefusesHostileCode) {
  const auto code =
      CompileText("$a", AsBytes("abc"), {.ascii = true, .wide = true})
          .value()
          .pattern.code;
  for (size_t size = 0; size < code.size(); ++size) {
    Collector sink;
    EXPECT_FALSE(FindAll(ir::PatternKind::kText, Bytes(code).first(size),
                         AsBytes("abcabc"), 0, sink, Deadline::Never())
                     .ok());
  }
}

}  // namespace
}  // namespace vitrine::engine::strings
