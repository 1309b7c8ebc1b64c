// SPDX-License-Identifier: Apache-2.0
#include "engine/match/matcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <utility>

#include "base/text.h"
#include "engine/body/body.h"
#include "engine/compile/compile.h"
#include "engine/strings/strings.h"

namespace vitrine::engine::match {
namespace {

class Collect final : public MatchSink {
 public:
  std::vector<Match> matches;
  bool Add(const Match& match) override {
    matches.push_back(match);
    return true;
  }
};

// Few letters, so that everything nearly matches.
std::string RandomText(std::mt19937& random, size_t size) {
  std::string text;
  for (size_t i = 0; i < size; ++i) {
    text += std::string_view("aAbB\0 xX", 8)[random() % 8];
  }
  return text;
}

ir::Pattern RandomPattern(std::mt19937& random) {
  const std::string text = RandomText(random, 2 + random() % 7);
  if (random() % 3 == 0) {
    std::string hex = ToHex(AsBytes(text));
    if (hex.size() > 6 && random() % 2 == 0) hex.replace(4, 2, "??");
    body::Modifiers modifiers;
    modifiers.nocase = random() % 2 == 0;
    auto pattern = body::Compile("0", hex, "*", modifiers, {0, true});
    if (pattern.ok()) return std::move(pattern).value();
  }
  strings::Modifiers modifiers;
  modifiers.nocase = random() % 2 == 0;
  modifiers.wide = random() % 3 == 0;
  modifiers.ascii = !modifiers.wide || random() % 2 == 0;
  modifiers.fullword = random() % 4 == 0;
  if (random() % 4 == 0) {
    const std::string source = text.substr(0, 3).find('\0') == text.npos
                                   ? text.substr(0, 2) + "[abx]{1,3}A"
                                   : "ab[xX]+";
    return strings::CompileRegex("$r", source, "", modifiers).value().pattern;
  }
  return strings::CompileText("$t", AsBytes(text), modifiers).value().pattern;
}

ir::Program RandomProgram(std::mt19937& random) {
  ir::Program program;
  program.files = {"f"};
  for (int i = 0; i < 40; ++i) {
    ir::Rule rule;
    rule.name = "r" + std::to_string(i);
    rule.patterns = {RandomPattern(random)};
    rule.gate = {ir::Gate::Kind::kPattern, 0, 0, {}};
    rule.targets = ir::kTargetAny;
    rule.language = ir::Language::kClamav;
    program.rules.push_back(std::move(rule));
  }
  return program;
}

std::vector<Match> Slow(const ir::Pattern& pattern, Bytes bytes) {
  Collect sink;
  const Status status =
      pattern.kind == ir::PatternKind::kBody
          ? body::FindAll(pattern.code, {bytes, nullptr}, 0, sink,
                          Deadline::Never())
          : strings::FindAll(pattern.kind, pattern.code, bytes, 0, sink,
                             Deadline::Never());
  EXPECT_TRUE(status.ok());
  return sink.matches;
}

// The sweep may wake a rule for nothing, but never let one sleep; and what it
// answers about patterns is what a search of each would.
TEST(Matcher, KnowsWhatASearchForEachPatternWouldFind) {
  std::mt19937 random(5);
  for (int round = 0; round < 60; ++round) {
    const ir::Program program = RandomProgram(random);
    const auto database =
        vdb::Database::FromBytes(compile::Compile(program).value()).value();
    for (const char* kernel : {"scalar", "avx2", "avx512"}) {
      if (FindKernel(kernel) == nullptr) continue;
      Matcher matcher(*database, *FindKernel(kernel));
      for (int view_round = 0; view_round < 6; ++view_round) {
        const std::string text = RandomText(random, random() % 400);
        View view;
        view.bytes = AsBytes(text);
        view.filter_class =
            static_cast<vdb::FilterClass>(random() % vdb::kFilterClasses);
        ASSERT_TRUE(matcher.Sweep(view, Deadline::Never()).ok());
        for (uint32_t i = 0; i < program.rules.size(); ++i) {
          const auto expected = Slow(program.rules[i].patterns[0], view.bytes);
          RuleMatches matches(matcher,
                              database->PatternsOf(database->rules()[i]));
          const bool gated =
              (database->rules()[i].flags & vdb::kRuleGated) != 0;
          if (gated && !expected.empty()) {
            EXPECT_TRUE(matcher.IsTouched(i));
          }
          if (matches.IsKnown(0)) {
            EXPECT_EQ(matches.Exists(0), !expected.empty());
          }
          const uint64_t at = random() % (text.size() + 1);
          const bool begins = std::any_of(
              expected.begin(), expected.end(),
              [&](const Match& match) { return match.offset == at; });
          EXPECT_EQ(matches.BeginsAt(0, at), begins);
          for (size_t k = 0; k < expected.size() && k < 3; ++k) {
            EXPECT_TRUE(matches.BeginsAt(0, expected[k].offset));
          }
          EXPECT_EQ(matches.Exists(0), !expected.empty());
          EXPECT_TRUE(matches.IsKnown(0));
          EXPECT_EQ(matches.All(0).matches, expected);
        }
      }
    }
  }
}

TEST(Matcher, FindsAnAtomAcrossBlocks) {
  ir::Program program;
  program.files = {"f"};
  ir::Rule rule;
  rule.patterns = {
      strings::CompileText("$a", AsBytes("needle#7"), {}).value().pattern};
  rule.gate = {ir::Gate::Kind::kPattern, 0, 0, {}};
  program.rules.push_back(std::move(rule));
  const auto database =
      vdb::Database::FromBytes(compile::Compile(program).value()).value();
  Matcher matcher(*database);
  for (size_t at = 8180; at < 8196; ++at) {
    std::string text(20000, '.');
    text.replace(at, 8, "needle#7");
    View view;
    view.bytes = AsBytes(text);
    view.targets = ir::kTargetYara;
    ASSERT_TRUE(matcher.Sweep(view, Deadline::Never()).ok());
    EXPECT_EQ(matcher.touched().size(), 1u) << at;
  }
}

TEST(Matcher, MakesTheDigestOfViewsOfAnySize) {
  ir::Program program;
  program.files = {"f"};
  ir::Rule rule;
  rule.patterns = {
      strings::CompileText("$a", AsBytes("needle#7"), {}).value().pattern};
  rule.gate = {ir::Gate::Kind::kPattern, 0, 0, {}};
  program.rules.push_back(std::move(rule));
  const ir::Program empty;
  for (const ir::Program* source : {&std::as_const(program), &empty}) {
    const auto database =
        vdb::Database::FromBytes(compile::Compile(*source).value()).value();
    Matcher matcher(*database);
    std::mt19937 random(9);
    for (const size_t around : {0, 64, 8192, 16384}) {
      for (size_t size = around < 70 ? 0 : around - 70; size < around + 70;
           ++size) {
        ByteVector bytes(size);
        for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
        View view;
        view.bytes = bytes;
        crypto::Md5Digest md5;
        ASSERT_TRUE(matcher.Sweep(view, Deadline::Never(), &md5).ok());
        EXPECT_EQ(md5, crypto::Md5(bytes)) << size;
      }
    }
  }
}

TEST(Matcher, SaysSoWhenTimeRanOut) {
  const auto database =
      vdb::Database::FromBytes(compile::Compile({}).value()).value();
  Matcher matcher(*database);
  const ByteVector bytes(4 << 20);
  View view;
  view.bytes = bytes;
  EXPECT_EQ(matcher.Sweep(view, Deadline::After(std::chrono::seconds(-1)))
                .error()
                .code,
            Code::kDeadline);
}

}  // namespace
}  // namespace vitrine::engine::match
