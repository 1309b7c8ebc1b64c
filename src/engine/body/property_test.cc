// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/body/body.h"
#include "engine/body/naive.h"
#include "engine/body/parse.h"
#include "engine/body/random_pattern.h"
#include "engine/body/search.h"

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

struct Case {
  std::string hex;
  std::string letters;
  std::string text;
};

Modifiers ModifiersOf(const std::string& letters) {
  const auto has = [&](char c) { return letters.find(c) != std::string::npos; };
  return {has('i'), has('w'), has('f'), has('a')};
}

std::vector<Variant> FormsOf(const std::string& hex, const Modifiers& m) {
  Form form{m.nocase || m.wide || m.fullword || m.ascii, m.nocase, false,
            m.fullword, true};
  std::vector<Variant> out;
  if (m.ascii || !m.wide) out.push_back(Parse(hex, form).value());
  form.wide = m.wide;
  if (m.wide) out.push_back(Parse(hex, form).value());
  return out;
}

std::string Describe(const Case& c) {
  std::string text;
  for (const char ch : c.text) text += ch == 0 ? '0' : ch == '\n' ? '/' : ch;
  return c.hex + "::" + c.letters + " on " + text;
}

// Every literal of a choice lies in every match; one choice always holds.
void CheckChoices(const ir::Pattern& pattern, const Case& c,
                  const Match& match) {
  const Bytes text = AsBytes(c.text);
  for (const ir::AtomChoice& choice : pattern.choices) {
    bool any = false;
    for (const ir::Literal& literal : choice) {
      for (uint64_t at = 0; at + literal.bytes.size() <= text.size(); ++at) {
        if (literal.offset != ir::kVaries &&
            at != match.offset + static_cast<uint64_t>(literal.offset)) {
          continue;
        }
        any = any || naive::StringAt(text, at, literal.bytes, literal.nocase);
      }
    }
    EXPECT_TRUE(any) << Describe(c);
  }
}

// What Check() says of each place where a literal lies is so.
void CheckCandidates(const ir::Pattern& pattern, const Case& c,
                     const std::vector<Match>& matches) {
  const Input input{AsBytes(c.text), nullptr};
  for (const ir::AtomChoice& choice : pattern.choices) {
    for (const ir::Literal& literal : choice) {
      if (literal.offset == ir::kVaries) continue;
      const auto distance = static_cast<uint64_t>(literal.offset);
      for (uint64_t at = 0; at < c.text.size(); ++at) {
        const Candidate known = Check(pattern.code, input, at, literal.offset);
        if (known == Candidate::kMaybe) continue;
        const bool is_match =
            at >= distance &&
            std::ranges::any_of(matches, [&](const Match& match) {
              return match.offset == at - distance;
            });
        EXPECT_EQ(known == Candidate::kYes, is_match) << Describe(c);
      }
    }
  }
}

void CheckCase(const Case& c) {
  const Modifiers modifiers = ModifiersOf(c.letters);
  const auto pattern = Compile("0", c.hex, "*", modifiers, {0, true});
  if (!pattern.ok()) return;
  ListSink sink;
  const Status status =
      FindAll(pattern.value().code, {AsBytes(c.text), nullptr}, 0, sink,
              Deadline::Never());
  ASSERT_TRUE(status.ok()) << Describe(c);
  std::vector<uint64_t> expected;
  for (const Variant& variant : FormsOf(c.hex, modifiers)) {
    for (const auto& found : naive::FindAll(variant, AsBytes(c.text))) {
      expected.push_back(found.end);
    }
  }
  std::vector<uint64_t> ends;
  for (const Match& match : sink.matches) {
    ends.push_back(match.offset + match.length);
    CheckChoices(pattern.value(), c, match);
  }
  std::ranges::sort(expected);
  std::ranges::sort(ends);
  EXPECT_EQ(ends, expected) << Describe(c);
  EXPECT_TRUE(std::ranges::is_sorted(sink.matches, {}, &Match::offset));
  CheckCandidates(pattern.value(), c, sink.matches);
}

TEST(FindAll, AgreesWithTheNaiveMatcherOnRandomPatterns) {
  RandomPattern random(20261123);
  int accepted = 0;
  for (int i = 0; i < 30000 && !::testing::Test::HasFailure(); ++i) {
    Case c{random.Pattern(), random.Letters(), ""};
    if (!Compile("0", c.hex, "*", ModifiersOf(c.letters), {0, true}).ok()) {
      continue;
    }
    ++accepted;
    for (int k = 0; k < 4; ++k) {
      c.text = random.Text();
      CheckCase(c);
    }
  }
  EXPECT_GT(accepted, 5000);
}

// Every sequence of up to four of these pieces, on a text that has them all.
TEST(FindAll, AgreesWithTheNaiveMatcherOnAllSmallPatterns) {
  const std::vector<std::string> pieces = {
      "6161", "62",      "??",        "6?",    "*",   "{1-2}",
      "{1}",  "(61|62)", "(6162|63)", "!(61)", "(B)", "[0-1]"};
  const std::string texts[] = {"aabaaXaab aabbcaa", "ab\0aa\0bbaaaacab aab"};
  std::vector<std::string> patterns = {""};
  for (size_t i = 0; i < patterns.size(); ++i) {
    for (const std::string& text : texts) CheckCase({patterns[i], "", text});
    if (patterns.size() > 22000) continue;  // All of four pieces are in.
    for (const std::string& piece : pieces) {
      patterns.push_back(patterns[i] + piece);
    }
  }
}

TEST(FindAnchor, AgreesWithPlainCode) {
  std::string text;
  RandomPattern random(7);
  for (int i = 0; i < 4000; ++i) text += static_cast<char>(random.Below(7));
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (int i = 0; i < 3000; ++i) {
    const Anchor anchor{random.Below(40),
                        random.Below(40),
                        static_cast<uint8_t>(random.Below(8) & 7),
                        0x07,
                        static_cast<uint8_t>(random.Below(4)),
                        0x03};
    const uint64_t from = random.Below(3900);
    const uint64_t to = from + random.Below(static_cast<uint32_t>(3960 - from));
    EXPECT_EQ(FindAnchor(bytes, from, to, anchor),
              FindAnchorPlainly(bytes, from, to, anchor));
  }
}

}  // namespace
}  // namespace vitrine::engine::body
