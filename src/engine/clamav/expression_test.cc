// SPDX-License-Identifier: Apache-2.0
#include "engine/clamav/expression.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

namespace vitrine::engine::clamav {
namespace {

using Counts = std::array<uint64_t, 8>;

class FixedCounts final : public Counter {
 public:
  explicit FixedCounts(const Counts& counts) : counts_(counts) {}
  Result<bool> Present(uint32_t id) override { return counts_[id] > 0; }
  Result<uint64_t> Count(uint32_t id) override { return counts_[id]; }

 private:
  const Counts& counts_;
};

bool HoldsFor(const Expression& expression, const Counts& counts) {
  FixedCounts counter(counts);
  const Result<bool> holds = Holds(expression, counter);
  return holds.ok() && holds.value();
}

// Through code and back, as a scan sees it.
Expression Again(const Expression& expression) {
  CodeWriter out;
  WriteExpression(expression, out);
  const ByteVector code = out.Take();
  CodeReader in(code);
  Result<Expression> read = ReadExpression(in);
  EXPECT_TRUE(read.ok());
  EXPECT_TRUE(in.AtEnd());
  return std::move(read).value();
}

bool Eval(const std::string& text, const Counts& counts) {
  Result<Expression> parsed = ParseExpression(text);
  EXPECT_TRUE(parsed.ok()) << text;
  if (!parsed.ok()) return false;
  const bool holds = HoldsFor(parsed.value(), counts);
  EXPECT_EQ(HoldsFor(Again(parsed.value()), counts), holds) << text;
  return holds;
}

// All as clamscan 1.4.6 answered.
TEST(ExpressionTest, RefusesWhatClamscanRefuses) {
  for (const char* text :
       {"",        "0&",     "0&&1",      "(0",       "0)",
        "0=",      "0=a",    "0>x",       "(0)=1",    "((0)>0)>0",
        "()",      "0&()",   "(0&1",      "~0",       "!0",
        "x0",      "-1",     "&0",        "0(1)",     "(0|1)(1)",
        "(0)x",    "(0) ",   "(0&1) =4",  "(0&1)=4x", "(0&1)=4,x",
        "(0&1)=x", "(0&1)>", "(0&1)=4=4", "(0&1)>=1", "((0|1))=2",
        "(0=0)=1", "(0=1",   "0=1)",      "(0)&",     "((0|1)>1,2)>1",
        "64",      "0&x1",   "0&(1"}) {
    EXPECT_FALSE(ParseExpression(text).ok()) << text;
  }
}

TEST(ExpressionTest, TakesWhatClamscanTakes) {
  for (const char* text :
       {"00",         "0=1,0",       "0>1,",    "0=1=1",         "0>=1",
        "0,1",        "0+1",         "0x",      "0 1",           "0= 3",
        "-0",         " 0",          "0 = 3",   "0.5",           "0=3,x",
        "( 0 & 1 )",  "0\t&1",       "((0=0))", "0&01",          "(0&1)=4,",
        "(0&1)= 4",   "((0)|(1))>1", "0[",      "0=99999999999", "(0&1)=4,,",
        "(0&1)=4,1,3"}) {
    EXPECT_TRUE(ParseExpression(text).ok()) << text;
  }
}

TEST(ExpressionTest, GroupsFromTheRightButForABlocksLastOperator) {
  const Counts only0 = {1, 0, 0, 0};
  EXPECT_FALSE(Eval("3&3|0", only0));  // 3&(3|0)
  EXPECT_TRUE(Eval("0|3&3", only0));   // 0|(3&3)
  EXPECT_TRUE(Eval("(3&3|0)", only0));
  EXPECT_FALSE(Eval("(0|3&3)", only0));
  EXPECT_FALSE(Eval("3|0&3", only0));
  EXPECT_FALSE(Eval("(0&2|1&2)", {0, 2, 1, 1}));  // (0&(2|1))&2
  EXPECT_TRUE(Eval("(0|(3|0)&2&3)", {1, 2, 0, 2}));
  EXPECT_FALSE(Eval("(0&1&0|3|0|0)", {0, 2, 1, 1}));
  EXPECT_TRUE(Eval("((0|0)|1&2|2|1)", {1, 0, 0, 0}));
}

TEST(ExpressionTest, CountsAsClamscanDoes) {
  const Counts counts = {3, 1, 1, 0};
  struct Case {
    const char* text;
    bool holds;
  };
  for (const Case& c : std::vector<Case>{
           {"0=3", true},
           {"0=2", false},
           {"0=4=3", true},
           {"0=3=4", false},
           {"0>5>1", true},
           {"0=-1", false},
           {"0>-1", false},
           {"0>4294967296", true},
           {"0=3,5", true},
           {"3<1", true},
           {"3<0", false},
           {"3=0", true},
           {"(0&1)=4", true},
           {"(0&1)=4,2", true},
           {"(0&1)=4,3", false},
           {"(0|1)<5,2", true},
           {"(0|1)<5,3", false},
           {"(0|1)<4", false},
           {"(0=2&1)=1", false},
           {"(0=2|1)=1", true},
           {"(0=2|1)=4", false},
           {"(0=2|1)=4,2", false},
           {"(0&0&1)=7", true},
           {"(0&0&1)=7,3", false},
           {"((0&1)&0)=7", true},
           {"((0|1)=4&0)=7", true},
           {"((0|1)=4&0)=3", false},
           {"((0|1)=9|0)=3", true},
           {"(0&3)=3", false},
           {"(0&3)>0", false},
           {"(3|3)<1,1", false},
           {"(3|3)<1,0", true},
           {"(3|3)=0", true},
           {"(3=0&0)=3", true},
           {"(3=0&0)>2,2", true},
           {"(3=0|3=0)>0", false},
           {"(1&(2|3))=2,2", true},
           {"(1&(2|3)>5)=1", false},
       }) {
    EXPECT_EQ(Eval(c.text, counts), c.holds) << c.text;
  }
}

// "modified blocks let their sum through, but not their ids".
TEST(ExpressionTest, CountedBlocksHaveNoIdsOfTheirOwn) {
  EXPECT_FALSE(Eval("(0&1|(1&2)<4)>1,2", {0, 2, 1, 3}));
  EXPECT_FALSE(Eval("((2|2)>6,3|(0>2|3&2)>2,2)>0,2", {3, 2, 2, 2}));
  EXPECT_FALSE(Eval("((1|0)<4|3<2&3)<7,3", {1, 1, 2, 3}));
}

// Ids below 4 are known; to ask for others takes a search, to count one too.
class CostlyCounts final : public Counter {
 public:
  explicit CostlyCounts(const Counts& counts) : counts_(counts) {}
  Result<bool> Present(uint32_t id) override {
    searches += id < 4 ? 0 : 1;
    return counts_[id] > 0;
  }
  Result<uint64_t> Count(uint32_t id) override {
    ++searches;
    return counts_[id];
  }
  bool IsKnown(uint32_t id) const override { return id < 4; }

  int searches = 0;

 private:
  const Counts& counts_;
};

int SearchesFor(const std::string& text, const Counts& counts) {
  CostlyCounts counter(counts);
  EXPECT_TRUE(Holds(ParseExpression(text).value(), counter).ok());
  return counter.searches;
}

TEST(ExpressionTest, AsksForWhatIsKnownFirst) {
  EXPECT_EQ(SearchesFor("5&6&0", {0, 0, 0, 0, 0, 1, 1, 0}), 0);
  EXPECT_EQ(SearchesFor("5|6|0", {1, 0, 0, 0, 0, 0, 0, 0}), 0);
  EXPECT_EQ(SearchesFor("5&6&0", {1, 0, 0, 0, 0, 1, 1, 0}), 2);
}

TEST(ExpressionTest, CountsNothingWhereTooFewIdsHaveMatches) {
  EXPECT_EQ(SearchesFor("(0|1|2|3)>2,3", {9, 9, 0, 0, 0, 0, 0, 0}), 0);
  EXPECT_EQ(SearchesFor("(0|1|2|3)>2,2", {9, 9, 0, 0, 0, 0, 0, 0}), 4);
}

TEST(ExpressionTest, DeepAndLongExpressionsAreBounded) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '(') + "0" + std::string(depth, ')');
  };
  EXPECT_TRUE(ParseExpression(nested(300)).ok());
  const auto too_deep = ParseExpression(nested(100'000));
  ASSERT_FALSE(too_deep.ok());
  EXPECT_EQ(too_deep.error().code, Code::kLimit);
  std::string alternating = "0";
  for (int i = 0; i < 100'000; ++i) alternating += i % 2 == 0 ? "&1" : "|0";
  EXPECT_FALSE(ParseExpression(alternating).ok());
  std::string chain = "0";
  for (int i = 0; i < 1000; ++i) chain += "&1";
  EXPECT_TRUE(ParseExpression(chain).ok());
}

std::string RandomExpression(std::mt19937& random, int depth) {
  const auto pick = [&](unsigned n) { return random() % n; };
  if (depth == 0 || pick(4) == 0) {
    std::string leaf = std::to_string(pick(4));
    if (pick(3) == 0) leaf += "=<>"[pick(3)] + std::to_string(pick(4));
    return leaf;
  }
  std::string block = "(" + RandomExpression(random, depth - 1);
  for (unsigned i = 0; i <= pick(3); ++i) {
    block += pick(2) != 0 ? '&' : '|';
    block += RandomExpression(random, depth - 1);
  }
  block += ')';
  if (pick(2) != 0) {
    block += "=<>"[pick(3)] + std::to_string(pick(7));
    if (pick(2) != 0) block += "," + std::to_string(pick(4));
  }
  return block;
}

bool GateHolds(const ir::Gate& gate, const Counts& counts) {
  using Kind = ir::Gate::Kind;
  if (gate.kind == Kind::kAlways) return true;
  if (gate.kind == Kind::kPattern) return counts[gate.index] > 0;
  if (gate.kind != Kind::kAtLeast) return false;
  uint32_t holding = 0;
  for (const ir::Gate& child : gate.children) {
    if (GateHolds(child, counts)) ++holding;
  }
  return holding >= gate.at_least;
}

TEST(ExpressionTest, GateHoldsWheneverTheExpressionDoes) {
  std::mt19937 random(20261123);
  int held = 0;
  int gated = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string text = RandomExpression(random, 3);
    Result<Expression> parsed = ParseExpression(text);
    ASSERT_TRUE(parsed.ok()) << text;
    const ir::Gate gate = GateOf(parsed.value(), [](uint32_t id) {
      ir::Gate leaf;
      leaf.kind = ir::Gate::Kind::kPattern;
      leaf.index = id;
      return leaf;
    });
    for (int j = 0; j < 20; ++j) {
      Counts counts = {};
      for (size_t k = 0; k < 4; ++k) counts[k] = random() % 4;
      const bool holds = Eval(text, counts);
      const bool open = GateHolds(gate, counts);
      ASSERT_TRUE(open || !holds) << text;
      held += holds ? 1 : 0;
      gated += open ? 0 : 1;
    }
  }
  EXPECT_GT(held, 1000);
  EXPECT_GT(gated, 1000);  // A gate that never closes is no gate.
}

}  // namespace
}  // namespace vitrine::engine::clamav
