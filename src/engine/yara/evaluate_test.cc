// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "base/code.h"
#include "engine/yara/opcode.h"
#include "engine/yara/test_scan.h"

namespace vitrine::engine::yara {
namespace {

// Each was asked of YARA 4.5.4.
TEST(Evaluate, ConditionsThatHold) {
  for (const char* condition : {
           // Precedence.
           "1 + 2 * 3 == 7",
           "2 + 3 << 1 == 10",
           "6 & 3 << 1 == 6",
           "1 | 2 == 3",
           "~0x55 & 0xff == 0xaa",
           "not 1 == 2",
           "not true or true",
           "4 --2 * 2 == 8",
           "-7 \\ 2 == -3",
           "-7 % 2 == -1",
           // Numbers.
           "1KB == 1024 and 1MB == 1048576 and 0x1f == 31 and 0o17 == 15",
           "-1 >> 1 == -1",
           "1 << 64 == 0",
           "1.0 == 1",
           "3 \\ 2 == 1 and 3.0 \\ 2 == 1.5",
           "1.0 \\ 0 > 1000000",
           "0.1 + 0.2 == 0.3 and 0.1 + 0.2 > 0.3",
           "1.0 != 1.000000000000001",
           // Texts.
           "\"abc\" contains \"b\" and \"abc\" contains \"\"",
           "\"ABC\" icontains \"b\" and \"ABC\" iequals \"abc\"",
           "\"abc\" startswith \"ab\" and \"abc\" endswith \"bc\"",
           "\"ABC\" istartswith \"ab\" and \"ABC\" iendswith \"bc\"",
           "\"a\\x00b\" != \"a\" and \"ab\" < \"abc\"",
           "\"\\xff\" < \"a\"",
           "\"foo\\nbar\" matches /foo.*bar/s",
           "\"xxFoOxx\" matches /fOo/i",
           // Truth.
           "\"x\"",
           "1.5",
           "not 0.0",
           "not \"\"",
           "-3",
           // Undefined.
           "not defined uint8(1000)",
           "not defined (uint8(1000) == 1)",
           "not defined (not uint8(1000))",
           "defined (uint8(1000) and true)",
           "not (uint8(1000) and true)",
           "uint8(1000) or true",
           "not defined (1 << (filesize - 1000))",
           "not defined (1 \\ (filesize - filesize))",
           "not defined entrypoint",
           // Loops.
           "for any i in (1..3) : (i == 3)",
           "for all i in (1, 5, 9) : (i % 4 == 1)",
           "for 2 i in (1..3) : (i > 1)",
           "for none i in (1..3) : (i > 3)",
           "for any s in (\"a\", \"b\") : (s == \"b\")",
           "not for none i in (1..filesize - 100) : (true)",
           "not for all i in (1..filesize - 100) : (true)",
           "defined (for all i in (1..uint8(1000)) : (true))",
           "for (filesize - 100) i in (1..3) : (false)",
           "for uint8(1000) i in (1..3) : (true)",
           "for any i in (1..9223372036854775807) : (i == 300)",
       }) {
    EXPECT_TRUE(Holds(condition, "mississippi")) << condition;
  }
}

TEST(Evaluate, ConditionsThatDoNotHold) {
  for (const char* condition : {
           "uint8(1000)",
           "not uint8(1000)",
           "uint8(1000) == uint8(1000)",
           "uint8(1000) != uint8(1000)",
           "uint16(10) == 0x69",
           "0.0 \\ 0.0 == 1.0 or 0.0 \\ 0.0 != 1.0",
           "1.0 \\ 0.0 == 1.0 \\ 0.0 or 1.0 \\ 0.0 != 1.0 \\ 0.0",
           "uint8(-1) == 0",
           "\"a\" > \"b\"",
           "for all i in (1..3) : (i < 3)",
           "for 4 i in (1..3) : (true)",
           "for 0 i in (1..3) : (i == 2)",
           "for any i in (1..3) : (uint8(1000))",
       }) {
    EXPECT_FALSE(Holds(condition, "mississippi")) << condition;
  }
}

TEST(Evaluate, IntegersAtAnOffset) {
  const std::string object("\x01\x82\x03\x84\xff", 5);
  for (const char* condition :
       {"uint8(1) == 0x82", "int8(1) == -126", "uint16(0) == 0x8201",
        "int16(0) == -32255", "uint16be(0) == 0x0182",
        "uint32(0) == 0x84038201", "int32(0) < 0", "uint32be(0) == 0x01820384",
        "int8be(4) == -1", "int16be(1) == -32253", "int32be(0) > 0",
        "defined uint32(1) and not defined uint32(2)"}) {
    EXPECT_TRUE(Holds(condition, object)) << condition;
  }
}

TEST(Evaluate, RulesSeeRulesBeforeThem) {
  const ir::Program program = CompileForTest(
      "private rule a { condition: true } rule b { condition: not a }"
      "rule c { condition: a and not b } rule d { condition: 1 of (a, b) }"
      "rule e { condition: any of (e*) or e } global rule f { condition: a }");
  EXPECT_EQ(ScanForTest(program, {}).rules,
            (std::vector<std::string>{"c", "d", "f"}));
}

TEST(Evaluate, ExternalsAreThoseOfTheScan) {
  CompileOptions options;
  options.externals = {
      {"n", int64_t{1}}, {"x", 1.5}, {"b", false}, {"s", std::string("abc")}};
  const ir::Program program = CompileForTest(
      "rule i { condition: n == 7 } rule f { condition: x == 2.5 }"
      "rule b1 { condition: b } rule t { condition: s contains \"z\" }"
      "rule d { condition: n == 1 and x == 1.5 and not b and s == \"abc\" }",
      options);
  ASSERT_EQ(program.rules.size(), 5u);
  EXPECT_EQ(ScanForTest(program, {}).rules, (std::vector<std::string>{"d"}));
  const Externals given = {
      {"n", int64_t{7}}, {"x", 2.5}, {"b", true}, {"s", std::string("xyz")}};
  EXPECT_EQ(ScanForTest(program, {}, given).rules,
            (std::vector<std::string>{"i", "f", "b1", "t"}));
  // Of another type than the rule was checked for: undefined.
  EXPECT_TRUE(
      ScanForTest(program, {}, {{"n", std::string("7")}}).rules.empty());
  ASSERT_EQ(program.auxiliaries.size(), 4u);
  for (const ir::Auxiliary& auxiliary : program.auxiliaries) {
    const auto value = DecodeExternal(auxiliary.code);
    ASSERT_TRUE(value.ok());
    EXPECT_EQ(value.value(), options.externals.at(auxiliary.name));
  }
}

// A loop over the whole range of integers ends when time is up.
TEST(Evaluate, StopsAtTheDeadline) {
  const ir::Program program = CompileForTest(
      "rule t { condition: for all i in (1..9223372036854775807) : (i > 0) }");
  const auto start = std::chrono::steady_clock::now();
  const TestScan scan = ScanForTest(
      program, {}, {}, Deadline::After(std::chrono::milliseconds(20)));
  EXPECT_EQ(scan.errors.size(), 1u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(Evaluate, CheapOperandsComeFirst) {
  // The loop would take for ever.
  EXPECT_FALSE(Holds(
      "(for all i in (1..9223372036854775807) : (i > 0)) and filesize > 5"));
}

class Nothing final : public MatchSource, public Environment {
 public:
  bool Exists(uint32_t) override { return false; }
  const MatchList& All(uint32_t) override { return list_; }
  Object& object() override { return object_; }
  modules::ModuleContext& Module(std::string_view) override { return context_; }
  bool RuleHolds(uint32_t) override { return false; }
  const External* Find(std::string_view) override { return nullptr; }
  Deadline deadline() override { return Deadline::Never(); }

 private:
  MatchList list_;
  Object object_{{}, FileType::kANY};
  modules::ModuleContext context_{*modules::FindModule("tests"), object_};
};

Code EvaluateBad(const ByteVector& code) {
  Nothing nothing;
  const auto result = Evaluate(code, nothing, nothing);
  return result.ok() ? Code::kInternal : result.error().code;
}

ByteVector Bad(std::initializer_list<Opcode> nodes) {
  CodeWriter out;
  out.U8(kCodeVersion);
  out.Varint(0);
  for (const Opcode node : nodes) out.U8(static_cast<uint8_t>(node));
  return out.Take();
}

TEST(Evaluate, RefusesBadCode) {
  EXPECT_EQ(EvaluateBad({}), Code::kInvalid);
  EXPECT_EQ(EvaluateBad({99, 0, 0}), Code::kInvalid);
  EXPECT_EQ(EvaluateBad(Bad({})), Code::kInvalid);
  // Something behind the end.
  EXPECT_EQ(EvaluateBad(Bad({Opcode::kTrue, Opcode::kTrue})), Code::kInvalid);
  // A kid is missing.
  EXPECT_EQ(EvaluateBad(Bad({Opcode::kNot})), Code::kInvalid);
  // `$` outside of a loop.
  EXPECT_EQ(EvaluateBad({kCodeVersion, 0, uint8_t(Opcode::kFound), 0}),
            Code::kInvalid);
  // A variable that no loop has.
  EXPECT_EQ(EvaluateBad({kCodeVersion, 0, uint8_t(Opcode::kVariable), 200}),
            Code::kInvalid);
  // A text times an integer.
  EXPECT_EQ(
      EvaluateBad({kCodeVersion, 0, uint8_t(Opcode::kMultiply),
                   uint8_t(Opcode::kText), 0, uint8_t(Opcode::kInteger), 2}),
      Code::kInvalid);
  // A module there is none of.
  EXPECT_EQ(EvaluateBad({kCodeVersion, 1, 1, 'x', uint8_t(Opcode::kValueAt), 0,
                         0, 0, 1, 0, 0}),
            Code::kInvalid);
  // A path with more steps than there is code.
  EXPECT_EQ(EvaluateBad({kCodeVersion,
                         1,
                         5,
                         't',
                         'e',
                         's',
                         't',
                         's',
                         uint8_t(Opcode::kValueAt),
                         0,
                         0,
                         0,
                         0xff,
                         0xff,
                         0xff,
                         0xff,
                         0xff,
                         0xff,
                         0xff,
                         0xff,
                         0x7f,
                         0,
                         0}),
            Code::kInvalid);
  // Too deep.
  ByteVector deep = Bad({});
  deep.resize(deep.size() + 100000, uint8_t(Opcode::kNot));
  EXPECT_EQ(EvaluateBad(deep), Code::kInvalid);
}

// Code that was cut or changed anywhere gives an answer or an error.
TEST(Evaluate, SurvivesEveryCutAndEveryChangedByte) {
  const ir::Program program = CompileForTest(
      "import \"tests\" rule t { strings: $a = \"abc\" $b = \"def\" condition: "
      "#a in (0..9) > 1 or 2 of them at 4 or for any of them : ($ at 5) or "
      "for any k, v in tests.struct_dict : (v.i == tests.isum(1, 2)) or "
      "for all s in (\"a\", tests.string_array[1]) : (s matches /a+/) }");
  ASSERT_EQ(program.rules.size(), 1u);
  const ByteVector& code = program.rules[0].code;
  Nothing nothing;
  EXPECT_TRUE(Evaluate(code, nothing, nothing).ok());
  for (size_t size = 0; size < code.size(); ++size) {
    const auto cut = Evaluate(Bytes(code).first(size), nothing, nothing);
    EXPECT_FALSE(cut.ok());
    for (const int value : {0, 1, 0x7f, 0x80, 0xff, code[size] ^ 1}) {
      ByteVector changed = code;
      changed[size] = static_cast<uint8_t>(value);
      (void)Evaluate(changed, nothing, nothing);
    }
  }
}

}  // namespace
}  // namespace vitrine::engine::yara
