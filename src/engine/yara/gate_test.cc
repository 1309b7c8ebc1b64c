// SPDX-License-Identifier: Apache-2.0
#include "engine/yara/gate.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "engine/yara/test_scan.h"

namespace vitrine::engine::yara {
namespace {

// "a", "all(a 2of(b c d))", "rule3", "always", "never"
std::string Print(const ir::Gate& gate, const ir::Program& program) {
  const ir::Rule& rule = program.rules.back();
  switch (gate.kind) {
    case ir::Gate::Kind::kAlways:
      return "always";
    case ir::Gate::Kind::kNever:
      return "never";
    case ir::Gate::Kind::kPattern:
      return rule.patterns[gate.index].id.substr(1);
    case ir::Gate::Kind::kRule:
      return program.rules[gate.index].name;
    case ir::Gate::Kind::kAtLeast:
      break;
  }
  std::string text = std::to_string(gate.at_least) + "of(";
  if (gate.at_least == gate.children.size()) text = "all(";
  if (gate.at_least == 1) text = "any(";
  for (size_t i = 0; i < gate.children.size(); ++i) {
    text += (i > 0 ? " " : "") + Print(gate.children[i], program);
  }
  return text + ")";
}

std::string GateOf(const std::string& condition) {
  // `or false` keeps strings referenced and the gate as it is.
  const ir::Program program = CompileForTest(
      "rule r1 { condition: true } rule r2 { condition: filesize > 9 }"
      "rule t { strings: $_a = \"aaaa\" $_b = \"bbbb\" $_c = \"cccc\""
      "condition: " +
      condition + " }");
  for (const Diagnostic& d : program.diagnostics) {
    EXPECT_NE(d.severity, Severity::kError) << condition << ": " << d.message;
  }
  return Print(program.rules.back().gate, program);
}

struct Row {
  const char* condition;
  const char* gate;
};

TEST(Gate, IsWhatTheConditionNeeds) {
  const Row rows[] = {
      {"true", "always"},
      {"false", "never"},
      {"$_a", "_a"},
      {"$_a and $_b", "all(_a _b)"},
      {"$_a or $_b", "any(_a _b)"},
      {"$_a and (false or $_b)", "all(_a _b)"},
      {"$_a or filesize > 3", "always"},
      {"$_a or (filesize > 3 and $_b)", "any(_a _b)"},
      {"$_a at 5", "_a"},
      {"$_a in (0..5)", "_a"},
      {"not $_a", "always"},
      {"not $_a at @_b", "_b"},
      {"not not $_a", "always"},
      {"defined $_a", "always"},
      {"defined @_a", "_a"},
      {"any of them", "any(_a _b _c)"},
      {"all of them", "all(_a _b _c)"},
      {"2 of them", "2of(_a _b _c)"},
      {"4 of them", "never"},
      {"0 of them", "always"},
      {"none of them", "always"},
      {"filesize of them", "always"},
      {"2 of ($_a, $_a)", "all(_a _a)"},
      {"50% of them", "2of(_a _b _c)"},
      {"1% of them", "any(_a _b _c)"},
      {"all of them in (0..@_a)", "all(all(_a _b _c) _a)"},
      {"any of (r1, r2)", "any(r1 r2)"},
      {"r2 and $_a", "all(r2 _a)"},
      {"any of (t)", "never"},
      {"any of (t, r2)", "r2"},
      {"t", "never"},
      {"#_a > 0", "_a"},
      {"#_a >= 0", "always"},
      {"#_a >= 1", "_a"},
      {"#_a == 0", "always"},
      {"#_a == 2", "_a"},
      {"#_a != 0", "_a"},
      {"#_a != 1", "always"},
      {"#_a < 3", "always"},
      {"3 < #_a", "_a"},
      {"#_a", "_a"},
      {"#_a > #_b", "_a"},
      {"#_a < #_b", "_b"},
      {"#_a >= #_b", "always"},
      {"#_a + #_b > #_c", "any(_a _b)"},
      {"#_a - #_b > 0", "always"},
      {"#_a + -1 > -2", "always"},
      {"#_a in (0..9) > 0", "_a"},
      {"@_a > 5", "_a"},
      {"@_a[2] + !_b < 5", "all(_a _b)"},
      {"uint8(@_a) == 5", "_a"},
      {"for any of them : ($ at 5)", "any(_a _b _c)"},
      {"for all of ($_a, $_b) : (# > 1)", "all(_a _b)"},
      {"for none of them : ($)", "always"},
      {"for any of them : (not $)", "always"},
      {"for all i in (1..#_a) : (@_a[i] > 5)", "all(_a _a)"},
      {"for all i in (1..#_a) : (true)", "_a"},
      {"for none i in (1..#_a) : ($_b)", "_a"},
      {"for all i in (0..#_a) : (true)", "always"},
      {"for any i in (1..3) : ($_b at i)", "_b"},
      {"for filesize i in (1..3) : ($_b at i)", "always"},
      {"for 2 i in (1..3) : ($_b at i)", "_b"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(GateOf(row.condition), row.gate) << row.condition;
  }
}

// Writes conditions at random.
class Writer {
 public:
  explicit Writer(uint32_t seed) : random_(seed) {}

  size_t Pick(size_t count) { return random_() % count; }

  std::string Truth(int depth) {
    switch (depth <= 0 ? Pick(4) : Pick(18)) {
      case 0:
      case 1:
        return in_string_loop_ && Pick(2) == 0 ? "$" : String('$');
      case 2:
        return Pick(2) == 0 ? "r1" : "r2";
      case 3:
        return Number(0) + One({" > ", " == ", " <= ", " != "}) + Number(0);
      case 4:
      case 5:
        return "(" + Truth(depth - 1) + " and " + Truth(depth - 1) + ")";
      case 6:
      case 7:
        return "(" + Truth(depth - 1) + " or " + Truth(depth - 1) + ")";
      case 8:
        return "not " + Truth(depth - 1);
      case 9:
        return "defined (" + Truth(depth - 1) + ")";
      case 10:
        return String('$') + " at " + Number(depth - 1);
      case 11:
        return String('$') + " in " + Range(depth - 1);
      case 12:
        return Quantifier(depth) + " of " + Set();
      case 13:
        return Quantifier(depth) + " of " + Set() + " in " + Range(depth - 1);
      case 14:
        return Quantifier(depth) + " of (r*)";
      case 15:
        return Number(depth - 1) + One({" > ", " >= ", " < ", " == ", " != "}) +
               Number(depth - 1);
      case 16:
        return ForOf(depth);
      default:
        return ForIn(depth);
    }
  }

 private:
  std::string One(std::vector<std::string> choices) {
    return choices[Pick(choices.size())];
  }
  std::string String(char sigil) {
    return sigil + One({"_a", "_b", "_c", "_d"});
  }
  std::string Number(int depth) {
    switch (depth <= 0 ? Pick(7) : Pick(11)) {
      case 0:
      case 1:
        return std::to_string(Pick(9));
      case 2:
      case 3:
        return String('#');
      case 4:
        return String('@');
      case 5:
        return variables_ > 0 ? "i" + std::to_string(Pick(variables_)) : "1";
      case 6:
        return "filesize";
      case 7:
        return Number(depth - 1) + One({" + ", " - ", " * ", " \\ "}) +
               Number(depth - 1);
      case 8:
        return String('#') + " in " + Range(depth - 1);
      case 9:
        return String('@') + "[" + Number(depth - 1) + "]";
      default:
        return "uint8(" + Number(depth - 1) + ")";
    }
  }
  std::string Range(int depth) {
    return "(" + std::to_string(Pick(4)) + ".." + String('#') + " + " +
           Number(depth) + ")";
  }
  std::string Set() { return One({"them", "($_a*)", "($_b, $_c)", "($_d)"}); }
  std::string Quantifier(int depth) {
    return One({"any", "all", "none", "2", "1", "(" + Number(depth - 1) + ")"});
  }
  std::string ForOf(int depth) {
    if (in_string_loop_ || variables_ > 1) return Truth(depth - 1);
    in_string_loop_ = true;
    const std::string body = Truth(depth - 1);
    in_string_loop_ = false;
    return "for " + Quantifier(depth) + " of " + Set() + " : (" + body + ")";
  }
  std::string ForIn(int depth) {
    if (variables_ > 1) return Truth(depth - 1);
    const std::string head = "for " + Quantifier(depth) + " i" +
                             std::to_string(variables_) + " in " +
                             Range(depth - 1);
    ++variables_;
    const std::string body = Truth(depth - 1);
    --variables_;
    return head + " : (" + body + ")";
  }

  std::mt19937 random_;
  bool in_string_loop_ = false;
  size_t variables_ = 0;
};

// Whatever the condition is and wherever strings match: a rule that holds has
// an open gate. ScanForTest() looks at both.
TEST(Gate, NeverShutsOutARuleThatHolds) {
  Writer writer(20261123);
  size_t compiled = 0;
  size_t held = 0;
  for (int round = 0; round < 2500; ++round) {
    const std::string condition = writer.Truth(1 + round % 4);
    const ir::Program program = CompileForTest(
        "rule r1 { condition: filesize > 20 } rule r2 { condition: false }"
        "rule t { strings: $_a = \"aaa\" $_b = \"bbb\" $_c = \"ccc\" "
        "$_d = \"ddd\" condition: " +
        condition + " }");
    if (program.rules.size() != 3) continue;  // A range known to be empty...
    ++compiled;
    for (int i = 0; i < 6; ++i) {
      std::string object;
      for (size_t k = writer.Pick(7); k > 0; --k) {
        object += std::string(3 + writer.Pick(2), "abcdx"[writer.Pick(5)]);
      }
      const TestScan scan = ScanForTest(program, AsBytes(object));
      EXPECT_TRUE(scan.errors.empty()) << condition;
      EXPECT_TRUE(scan.unsound.empty())
          << condition << " over " << object << ": "
          << Print(program.rules.back().gate, program);
      for (const std::string& rule : scan.rules) held += rule == "t" ? 1 : 0;
    }
  }
  EXPECT_GT(compiled, 1500u);
  EXPECT_GT(held, 2000u);
}

ir::Precheck PrecheckOf(const std::string& condition) {
  return CompileForTest("rule t { condition: " + condition + " }")
      .rules.at(0)
      .precheck;
}

TEST(Precheck, NarrowsTheSize) {
  struct SizeRow {
    const char* condition;
    uint64_t min;
    uint64_t max;
  };
  constexpr uint64_t kNone = UINT64_MAX;
  const SizeRow rows[] = {
      {"filesize < 10", 0, 9},
      {"filesize <= 10", 0, 10},
      {"filesize > 10", 11, kNone},
      {"filesize >= 10", 10, kNone},
      {"filesize == 10", 10, 10},
      {"filesize != 10", 0, kNone},
      {"10 > filesize", 0, 9},
      {"1KB < filesize and filesize < 2KB", 1025, 2047},
      {"filesize < 10 or filesize > 20", 0, kNone},
      {"not filesize < 10", 0, kNone},
      {"filesize > -5", 0, kNone},
      {"filesize < 0", kNone, 0},
      {"filesize < 9.5", 0, kNone},
      {"filesize < 4 + 5", 0, 8},
      {"true and (true and filesize < 5)", 0, 4},
  };
  for (const SizeRow& row : rows) {
    const ir::Precheck check = PrecheckOf(row.condition);
    EXPECT_EQ(check.size_min, row.min) << row.condition;
    EXPECT_EQ(check.size_max, row.max) << row.condition;
  }
}

TEST(Precheck, KnowsIntegersAtFixedOffsets) {
  struct WordRow {
    const char* condition;
    uint32_t offset;
    int width;
    uint32_t value;
  };
  const WordRow rows[] = {
      {"uint16(0) == 0x5a4d", 0, 2, 0x5a4d},
      {"0x5a4d == uint16(0)", 0, 2, 0x5a4d},
      {"uint16be(4) == 0x4d5a", 4, 2, 0x5a4d},
      {"uint32(2+2) == 0x11223344", 4, 4, 0x11223344},
      {"uint32be(0) == 0x11223344", 0, 4, 0x44332211},
      {"uint8(7) == 255", 7, 1, 255},
      {"int8(7) == -1", 7, 1, 255},
      {"int16(0) == -2", 0, 2, 0xfffe},
      {"int32be(0) == -2", 0, 4, 0xfeffffff},
  };
  for (const WordRow& row : rows) {
    const ir::Precheck check = PrecheckOf(row.condition);
    ASSERT_EQ(check.words.size(), 1u) << row.condition;
    EXPECT_EQ(check.words[0].offset, row.offset) << row.condition;
    EXPECT_EQ(check.words[0].width, row.width) << row.condition;
    EXPECT_EQ(check.words[0].value, row.value) << row.condition;
  }
  for (const char* none :
       {"uint16(0) == 0x15a4d", "uint16(0) != 0x5a4d", "uint16(filesize) == 1",
        "uint16(0) == 0x5a4d or true", "not uint16(0) == 0x5a4d",
        "uint8(-1) == 0", "uint8(5000000000) == 0", "int8(0) == 255",
        "uint16(0) > 5", "uint16(0) == 1.0"}) {
    EXPECT_TRUE(PrecheckOf(none).words.empty()) << none;
  }
}

}  // namespace
}  // namespace vitrine::engine::yara
