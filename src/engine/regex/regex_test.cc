// SPDX-License-Identifier: Apache-2.0
#include "engine/regex/regex.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "base/code.h"
#include "engine/regex/anchor.h"
#include "engine/regex/limits.h"
#include "engine/regex/literals.h"
#include "engine/regex/naive_matcher.h"
#include "engine/regex/parser.h"
#include "engine/regex/probe_finder.h"
#include "engine/regex/searcher.h"

namespace vitrine::engine::regex {
namespace {

using Matches_ = std::vector<std::pair<size_t, size_t>>;

enum class By { kAnchor, kLiterals, kNeither };

Matches_ Search(const Ast& ast, std::string_view text, By by) {
  Plan::Options options;
  options.length_max = kMatchBytesMax;
  options.use_anchor = by == By::kAnchor;
  if (by == By::kLiterals) {
    const auto choices = Literals(ast, false);
    if (!choices.empty()) options.literals = choices[0];
  }
  const auto plan = Plan::Create(ast, options);
  Searcher searcher(*plan.value(), AsBytes(text), 0);
  Matches_ matches;
  Found found;
  while (searcher.Next(found, Deadline::Never()) == Searcher::Outcome::kFound) {
    matches.emplace_back(found.offset, found.length);
  }
  return matches;
}

Matches_ NaiveSearch(const Ast& ast, std::string_view text) {
  Matches_ matches;
  for (size_t at = 0; at < text.size(); ++at) {
    size_t steps = 1'000'000;
    const auto length = NaiveMatcher(ast, AsBytes(text)).LengthAt(at, &steps);
    if (length) matches.emplace_back(at, *length);
  }
  return matches;
}

bool HoldsLiteral(const ir::AtomChoice& choice, std::string_view text,
                  size_t at, size_t length) {
  for (const ir::Literal& literal : choice) {
    const LiteralFinder finder(literal.bytes, literal.nocase);
    for (size_t i = at; i + literal.bytes.size() <= at + length; ++i) {
      const bool right_place = literal.offset == ir::kVaries ||
                               i - at == static_cast<size_t>(literal.offset);
      if (right_place && finder.MatchesAt(AsBytes(text), i)) return true;
    }
  }
  return false;
}

// All that must hold for one expression and one text.
void CheckOne(const std::string& source, Flags flags, std::string_view text) {
  const auto parsed = Parse(source, flags);
  ASSERT_TRUE(parsed.ok()) << source << ": " << parsed.error().message;
  const Ast& ast = parsed.value().ast;
  const auto expected = NaiveSearch(ast, text);
  for (const By by : {By::kAnchor, By::kLiterals, By::kNeither}) {
    ASSERT_EQ(Search(ast, text, by), expected) << source << " on " << text;
  }
  const auto code = Compile(source, flags);
  ASSERT_TRUE(code.ok());
  CodeReader reader(code.value());
  const auto decoded = Decode(reader);
  ASSERT_TRUE(decoded.ok());
  CodeWriter again;
  Encode(decoded.value(), again);
  ASSERT_EQ(again.Take(), code.value()) << source;
  const auto matches = Matches(code.value(), AsBytes(text), Deadline::Never());
  ASSERT_TRUE(matches.ok());
  if (!text.empty()) {
    ASSERT_EQ(matches.value(), !expected.empty()) << source << " on " << text;
  }
  for (const ir::AtomChoice& choice : Literals(ast, false)) {
    for (const auto& [at, length] : expected) {
      ASSERT_TRUE(HoldsLiteral(choice, text, at, length))
          << source << " on " << text << " at " << at;
    }
  }
}

std::vector<std::string> AllTexts(const std::string& alphabet, size_t longest) {
  std::vector<std::string> texts = {""};
  for (size_t begin = 0, length = 0; length < longest; ++length) {
    const size_t end = texts.size();
    for (; begin < end; ++begin) {
      for (const char c : alphabet) texts.push_back(texts[begin] + c);
    }
  }
  return texts;
}

struct Case {
  const char* source;
  const char* text;
  int offset;  // -1: no match.
  size_t length;
};

TEST(Regex, FindsWhatPerlFinds) {
  const Case cases[] = {
      {"abc", "ababc", 2, 3},
      {"a.b", "a\nb", -1, 0},
      {"ab*?", "abbb", 0, 1},
      {"ab{2,3}?c", "abbbc", 0, 5},
      {".b{2,3}?", "abbb", 0, 3},
      {"ab{2 , 3}c", "abbbc", 0, 5},
      {"a{,0}", "x", 0, 0},
      {"(abc|)ef", "abcdef", 4, 2},
      {"ab{.*}", "ab{c}", 0, 5},
      {"a{1", "a a{1", 2, 3},
      {"[a-c-e]+", "abc", 0, 3},
      {"[a-c-e]", "d", -1, 0},
      {"[*-_]+", "ABC", 0, 3},
      {"a[]-]b", "a-b", 0, 3},
      {"[\\.-z]*", "...abc", 0, 6},
      {"a[^]b]c", "a]c", -1, 0},
      {"a\\Sb", "a b", -1, 0},
      {"[\\x5A-\\x5D]", "[", 0, 1},
      {"\\w+", "--ab_cd0123--", 2, 9},
      {"\\babc", "1abc", -1, 0},
      {"\\b", "abc", 0, 0},
      {"abc\\s\\B", "abc  ", 0, 4},
      {"abc|123$", "123x", -1, 0},
      {"abc|^123", "123", 0, 3},
      {"ab^c", "abc", -1, 0},
      {"$abc", "abc", -1, 0},
      {"(a|a$)bcd", "abcd", 0, 4},
      {"(a$|a$)bcd", "abcd", -1, 0},
      {"(bc+d$|ef*g.|h?i(j|k))", "reffgz", 1, 5},
      {"whatever| x.   x", "   xy   x", 2, 7},
      {"(ba{4}){4,10}", "baaaabaaaabaaaabaaaabaaaa", 0, 25},
      {"(a|\\b)[a]{1,}", "aaaa", 0, 4},
      {"[\\d-z]x", "5x zx", 3, 2},
      {"[a-\\d]x", "5x bx", 3, 2},
      {"a{2,3}", "aaaaa", 0, 3},
      {"a{2,3}?", "aaaaa", 0, 2},
      {"(?:ab)+", "xababx", 1, 4},
  };
  for (const Case& c : cases) {
    CheckOne(c.source, {}, c.text);
    const auto parsed = Parse(c.source, {});
    const auto matches = Search(parsed.value().ast, c.text, By::kAnchor);
    if (c.offset < 0) {
      EXPECT_TRUE(matches.empty()) << c.source << " on " << c.text;
      continue;
    }
    ASSERT_FALSE(matches.empty()) << c.source << " on " << c.text;
    EXPECT_EQ(matches[0].first, static_cast<size_t>(c.offset)) << c.source;
    EXPECT_EQ(matches[0].second, c.length) << c.source;
  }
}

TEST(Regex, FoldsCase) {
  CheckOne("abc[^d]", {.nocase = true}, "abcDabcE");
  CheckOne("[*-_]+", {.nocase = true}, "abc");
  CheckOne("\\x41[b-c]", {.nocase = true}, "ABacaD");
  CheckOne("a.b", {.dot_all = true}, "a\nb");
}

// Every expression of up to three pieces, on every short text.
TEST(Regex, AgreesWithBacktrackingOnSmallCases) {
  const std::vector<std::string> pieces = {
      "a",     "b",      ".", "(ab|a)", "(a|ab)", "a*",   "b?",
      "(ab)+", "^",      "$", "\\b",    "\\B",    "[ab]", "a{1,2}",
      "b{2}",  "(a|b*)", "-", "a|b",    "(b|)"};
  const auto texts = AllTexts("ab-", 4);
  const auto check = [&](const std::string& source) {
    for (const auto& text : texts) {
      CheckOne(source, {}, text);
      if (testing::Test::HasFatalFailure()) return;
    }
  };
  for (const auto& one : pieces) {
    check(one);
    for (const auto& two : pieces) {
      check(one + two);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

class Generator {
 public:
  explicit Generator(uint32_t seed) : random_(seed) {}

  uint32_t Below(uint32_t bound) {
    return static_cast<uint32_t>(random_()) % bound;
  }

  std::string Expression(int depth, bool lazy) {
    std::string out;
    const uint32_t choices = 1 + Below(4) / 3;
    for (uint32_t c = 0; c < choices; ++c) {
      if (c > 0) out += "|";
      const uint32_t items = 1 + Below(4);
      for (uint32_t i = 0; i < items; ++i) out += Item(depth, lazy);
    }
    return out;
  }

  std::string Text(const std::string& alphabet, size_t longest) {
    std::string text(Below(static_cast<uint32_t>(longest)), ' ');
    for (char& c : text) {
      c = alphabet[Below(static_cast<uint32_t>(alphabet.size()))];
    }
    return text;
  }

 private:
  std::string Item(int depth, bool lazy) {
    static const char* kAssertions[] = {"^", "$", "\\b", "\\B"};
    static const char* kSingles[] = {"a",    "b",    "c",    "ab", "abc",
                                     "[ab]", "[^a]", "\\w",  ".",  "\\x63",
                                     "-",    "bca",  "[a-c]"};
    if (Below(12) == 0) return kAssertions[Below(4)];
    std::string single = depth > 0 && Below(4) == 0
                             ? "(" + Expression(depth - 1, lazy) + ")"
                             : kSingles[Below(13)];
    static const char* kQuantifiers[] = {"*",    "+",     "?",    "{2}",
                                         "{,2}", "{1,3}", "{2,}", "{0}"};
    if (Below(3) == 0) {
      single += kQuantifiers[Below(8)];
      if (lazy) single += "?";
    }
    return single;
  }

  std::mt19937 random_;
};

TEST(Regex, AgreesWithBacktrackingOnRandomCases) {
  Generator generator(20261123);
  for (int i = 0; i < 6000; ++i) {
    const std::string source = generator.Expression(2, generator.Below(2) == 0);
    const Flags flags = {.nocase = generator.Below(4) == 0,
                         .dot_all = generator.Below(4) == 0};
    for (int t = 0; t < 3; ++t) {
      CheckOne(source, flags, generator.Text("aabbc-A\n", 24));
      if (HasFatalFailure()) return;
    }
  }
}

TEST(Regex, RefusesHostileCode) {
  const auto code = Compile("a(b|c){2,5}[x-z]\\bq", {}).value();
  for (size_t size = 0; size < code.size(); ++size) {
    EXPECT_FALSE(
        Matches(Bytes(code).first(size), AsBytes("abc"), Deadline::Never())
            .ok())
        << size;
  }
  // A repetition of a repetition of a repetition: too many instructions.
  ByteVector huge;
  for (int i = 0; i < 20; ++i) huge.insert(huge.end(), {4, 0, 0x80, 2});
  huge.insert(huge.end(), {6, 'a'});
  EXPECT_FALSE(Matches(huge, AsBytes("aaaa"), Deadline::Never()).ok());
}

TEST(Regex, StopsAtYarasLimit) {
  const auto ast = Parse("a.*b", {}).value().ast;
  const std::string inside = "a" + std::string(kMatchBytesMax - 2, 'x') + "b";
  EXPECT_EQ(Search(ast, inside, By::kLiterals).size(), 1u);
  EXPECT_EQ(
      Search(ast, "a" + std::string(kMatchBytesMax, 'x') + "b", By::kLiterals)
          .size(),
      0u);
}

// What a backtracking matcher needs years for.
TEST(Regex, TakesLinearTime) {
  const auto code = Compile("(a*)*(a|a)*(a+a+)+b", {}).value();
  const std::string text(20000, 'a');
  EXPECT_FALSE(Matches(code, AsBytes(text), Deadline::Never()).value());
  const auto ast = Parse("(a*)*b", {}).value().ast;
  const std::string long_text(1 << 20, 'a');
  EXPECT_TRUE(Search(ast, long_text, By::kAnchor).empty());
  EXPECT_TRUE(Search(ast, long_text, By::kLiterals).empty());
}

TEST(Regex, FindsAcrossBlocks) {
  std::string text(3 * kBlockBytes, '.');
  for (const size_t at : {size_t{0}, kBlockBytes - 2, kBlockBytes + 2,
                          2 * kBlockBytes - 1, text.size() - 4}) {
    text.replace(at, 4, "1ab2");
  }
  const auto dense = Parse("\\d\\w{2}\\d", {}).value().ast;
  EXPECT_EQ(Search(dense, text, By::kLiterals).size(), 5u);
  const auto backward = Parse("[^.][^.]b[^.]", {}).value().ast;
  const auto far = Parse("1[^.]{1,9}2", {}).value().ast;
  for (const By by : {By::kAnchor, By::kLiterals, By::kNeither}) {
    EXPECT_EQ(Search(backward, text, by).size(), 5u);
    EXPECT_EQ(Search(far, text, by).size(), 5u);
  }
}

// Every place that a hit leads to fails late.
TEST(Regex, GivesUpAnAnchorThatIsEverywhere) {
  const auto ast = Parse("x[x\\n]{1,2000}xq[^a]r", {}).value().ast;
  const std::string text(1 << 20, 'x');
  EXPECT_TRUE(Search(ast, text, By::kAnchor).empty());
  EXPECT_EQ(Search(ast, text + "xqzr", By::kAnchor).size(), 2000u);
}

ByteSet SetOf(std::string_view bytes) {
  ByteSet set;
  for (const char c : bytes) set.Add(static_cast<uint8_t>(c));
  return set;
}

TEST(Regex, AnchorsOnTheMostTellingStretch) {
  const auto ast =
      Parse("a.{2,5}(x|y)Q[\\x41\\x61]{2}.{3}.*zz", {.dot_all = true});
  const auto anchor = FindAnchor(ast.value().ast, false);
  ASSERT_TRUE(anchor.has_value());
  EXPECT_EQ(anchor->before_min, 3u);
  EXPECT_EQ(anchor->before_max, 6u);
  EXPECT_EQ(anchor->sets, (std::vector<ByteSet>{SetOf("xy"), SetOf("Q"),
                                                SetOf("Aa"), SetOf("Aa")}));
  const auto wide = FindAnchor(ast.value().ast, true);
  ASSERT_TRUE(wide.has_value());
  EXPECT_EQ(wide->before_min, 6u);
  EXPECT_EQ(wide->before_max, 12u);
  EXPECT_EQ(wide->sets.size(), 14u);
  EXPECT_FALSE(FindAnchor(Parse("..?", {}).value().ast, false).has_value());
}

TEST(Regex, ProbesFindWhatComparingEachPlaceFinds) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<ByteSet> sets(1 + random() % 40);
    for (ByteSet& set : sets) {
      set = random() % 3 == 0 ? ByteSet::All() : ByteSet();
      for (size_t i = 0; i < 1 + random() % 3; ++i) {
        set.Add(static_cast<uint8_t>(random() % 8 * 16 + random() % 2));
      }
    }
    std::array<Probe, kProbesMax> storage;
    const auto probes = BestProbes(sets, storage);
    if (probes.empty()) continue;
    std::string text(random() % 300, '\0');
    for (char& c : text)
      c = static_cast<char>(random() % 8 * 16 + random() % 2);
    const ProbeFinder finder(probes, sets.size());
    size_t next = 0;
    for (size_t at = 0; at + sets.size() <= text.size(); ++at) {
      const bool holds =
          std::all_of(probes.begin(), probes.end(), [&](const Probe& probe) {
            return probe.Holds(static_cast<uint8_t>(text[at + probe.offset]));
          });
      if (!holds) continue;
      ASSERT_EQ(finder.Find(AsBytes(text), next), at);
      next = at + 1;
    }
    ASSERT_EQ(finder.Find(AsBytes(text), next), ProbeFinder::kNowhere);
  }
}

}  // namespace
}  // namespace vitrine::engine::regex
