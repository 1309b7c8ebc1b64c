// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "engine/yara/limits.h"
#include "engine/yara/test_scan.h"

namespace vitrine::engine::yara {
namespace {

struct Row {
  const char* source;
  const char* error;
};

void ExpectErrors(std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(FirstError(CompileForTest(row.source)), row.error) << row.source;
  }
}

// All of these were asked of YARA 4.5.4 too.
TEST(Compile, Syntax) {
  ExpectErrors({
      {"", ""},
      {"// nothing", ""},
      {"/* open", ""},
      {"rule t { condition: true }", ""},
      {"rule t{condition:true}rule u{condition:1and 1}", ""},
      {"global private rule t : a b { meta: x = -1 condition: true }", ""},
      {"rule t { condition: true };", "syntax-error"},
      {"rule t { condition: true } junk", "syntax-error"},
      {"rule t { condition: }", "syntax-error"},
      {"rule t { condition: true", "syntax-error"},
      {"rule t { condition: (true }", "syntax-error"},
      {"rule t { condition: 1 == 1 == 1 }", "syntax-error"},
      {"rule t { condition: true == true }", "syntax-error"},
      {"rule t { condition: (1 == 1) == 1 }", "syntax-error"},
      {"rule t { condition: 1 < 2 < 3 }", "syntax-error"},
      {"rule t { condition: 1 + not 1 }", "syntax-error"},
      {"rule t { condition: \"a\" matches \"a\" }", "syntax-error"},
      {"rule t { condition: 4 / 2 == 2 }", "unterminated-regular-expression"},
      {"rule t { condition: \"a }", "unterminated-string"},
      {"rule t { condition: \"\\q\" }", "illegal-escape"},
      {"rule t { condition: \x01 }", "non-ascii-character"},
      {"\xef\xbb\xbfrule t { condition: true }", "non-ascii-character"},
      {"rule t { condition: 9223372036854775808 > 0 }", "integer-overflow"},
      {"rule t { condition: 0xffffffffffffffff > 0 }", "integer-overflow"},
      {"rule t { condition: 9007199254740992KB > 0 }", "integer-overflow"},
      {"rule t { condition: 1kb == 1024 }", "syntax-error"},
      {"rule t { meta: condition: true }", "syntax-error"},
      {"rule t { strings: condition: true }", "syntax-error"},
      {"rule t { strings: $a = \"a\" meta: x=1 condition: $a }",
       "syntax-error"},
      {"rule all { condition: true }", "syntax-error"},
      {"rule t : { condition: true }", "syntax-error"},
      {"rule t : a a { condition: true }", "duplicated-tag"},
      {"import \"nope\"", "unknown-module"},
      {"import \"\"", "invalid-module-name"},
      {"import tests", "syntax-error"},
      {"include \"x\"", "include-not-found"},
      {"include x", "syntax-error"},
      {"rule t { condition: for any i in (1 .. 3) : (i) }", ""},
      {"rule t { condition: for any i in (1...3) : (i) }", "syntax-error"},
      {"rule t { condition: for 50% i in (1..3) : (i) }", "syntax-error"},
  });
}

TEST(Compile, StringsSection) {
  ExpectErrors({
      {"rule t { strings: $a = \"abc\" condition: $a }", ""},
      {"rule t { strings: $a={0102}$b=/x+y/is condition: all of them}", ""},
      {"rule t { strings: $a = {01 /* } */ 02 // }\n} condition: $a }", ""},
      {"rule t { strings: $a = \"\" condition: $a }", "empty-string"},
      {"rule t { strings: $a = \"abc\" $a = \"abd\" condition: $a }",
       "duplicated-string"},
      {"rule t { strings: $ = \"abc\" $ = \"abd\" condition: all of them }",
       ""},
      {"rule t { strings: $a = \"abc\" condition: true }",
       "unreferenced-string"},
      {"rule t { strings: $_a = \"abc\" condition: true }", ""},
      {"rule t { strings: $ = \"abc\" condition: true }",
       "unreferenced-string"},
      {"rule t { condition: $a }", "undefined-string"},
      {"rule t { condition: any of them }", "undefined-string"},
      {"rule t { strings: $a = \"abc\" condition: $a and $ }",
       "misplaced-anonymous-string"},
      {"rule t { strings: $a = {01 zz} condition: $a }", "syntax-error"},
      {"rule t { strings: $a = {01 0} condition: $a }", "invalid-hex-string"},
      {"rule t { strings: $a = /)/ condition: $a }",
       "invalid-regular-expression"},
      {"rule t { strings: $a = /a/si condition: $a }", "syntax-error"},
      {"rule t { strings: $a = {01} wide condition: $a }", "syntax-error"},
      {"rule t { strings: $a = {01 02} private condition: $a }", ""},
      {"rule t { strings: $a = /abc/ xor condition: $a }", "syntax-error"},
      {"rule t { strings: $a = \"abc\" ascii ascii condition: $a }",
       "duplicated-modifier"},
      {"rule t { strings: $a = \"abc\" xor(1-0x10) condition: $a }", ""},
      {"rule t { strings: $a = \"abc\" xor(300) condition: $a }",
       "invalid-modifier"},
      {"rule t { strings: $a = \"abc\" xor(9-2) condition: $a }",
       "invalid-modifier"},
      {"rule t { strings: $a = \"abc\" xor nocase condition: $a }",
       "invalid-modifier"},
      {"rule t { strings: $a = \"abc\" base64 fullword condition: $a }",
       "invalid-modifier"},
      {"rule t { strings: $a = \"abc\" base64(\"x\") condition: $a }",
       "invalid-modifier"},
      {"rule t { strings: $a = \"abc\" base64 "
       "base64wide(\"!!!!!!!!!!!!!!!!!!!!!"
       "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!\") condition: $a }",
       "invalid-modifier"},
  });
}

TEST(Compile, Types) {
  ExpectErrors({
      {"rule t { condition: 1 == \"a\" }", "wrong-type"},
      {"rule t { condition: 1 + \"a\" == 1 }", "wrong-type"},
      {"rule t { condition: 1.5 & 1 }", "wrong-type"},
      {"rule t { condition: ~1.5 == 1 }", "wrong-type"},
      {"rule t { condition: -\"a\" }", "wrong-type"},
      {"rule t { condition: uint8(\"a\") }", "wrong-type"},
      {"rule t { condition: \"a\" contains 1 }", "wrong-type"},
      {"rule a { condition: true } rule t { condition: a == 1 }", "wrong-type"},
      {"rule t { condition: 1 \\ 0 }", "division-by-zero"},
      {"rule t { condition: filesize % 0 == 1 }", "division-by-zero"},
      {"rule t { condition: 9223372036854775807 + 1 }", "integer-overflow"},
      {"rule t { condition: 4611686018427387904 * -2 }", "integer-overflow"},
      {"rule t { condition: 1 << -1 == 0 }", "invalid-operand"},
      {"rule t { condition: nothing }", "undefined-identifier"},
      {"import \"tests\" rule t { condition: tests }", "wrong-usage"},
      {"import \"tests\" rule t { condition: tests.nope }",
       "invalid-field-name"},
      {"import \"tests\" rule t { condition: tests.constants.one.x }",
       "not-a-structure"},
      {"import \"tests\" rule t { condition: tests.constants.one[0] }",
       "not-indexable"},
      {"import \"tests\" rule t { condition: tests.constants.one() }",
       "not-a-function"},
      {"import \"tests\" rule t { condition: tests.isum(1) }",
       "wrong-arguments"},
      {"import \"tests\" rule t { condition: tests.isum(1, 1 == 1) }",
       "wrong-arguments"},
      {"import \"tests\" rule t { condition: tests.string_dict[0] == \"\" }",
       "wrong-type"},
      {"import \"tests\" rule t { condition: tests.struct_array[\"a\"].i }",
       "wrong-type"},
      {"rule t { condition: tests.constants.one == 1 }",
       "undefined-identifier"},
  });
}

TEST(Compile, QuantifiersAndLoops) {
  ExpectErrors({
      {"rule t { strings: $a = \"abc\" condition: -1 of them }",
       "invalid-value"},
      {"rule t { strings: $a = \"abc\" condition: \"x\" of them }",
       "invalid-value"},
      {"rule t { strings: $a = \"abc\" condition: 101% of them }",
       "invalid-percentage"},
      {"rule t { strings: $a = \"abc\" condition: 25*2% of them }", ""},
      {"rule t { strings: $a = \"abc\" condition: 1 + 50% of them }",
       "syntax-error"},
      {"rule t { strings: $a = \"abc\" condition: 50% of them in (1..2) }",
       "syntax-error"},
      {"rule t { strings: $a = \"abc\" condition: any of ($a) at \"x\" }",
       "invalid-value"},
      {"rule t { strings: $a = \"abc\" condition: $a in (5..1) }",
       "invalid-value"},
      {"rule t { strings: $a = \"abc\" condition: $a in (-1..1) }",
       "invalid-value"},
      {"rule t { strings: $a = \"abc\" condition: $a in (-1..filesize) }", ""},
      {"rule t { condition: any of (x*) }", "undefined-identifier"},
      {"rule t { condition: any of (t*) }", ""},
      {"rule a0 { condition: true } rule t { condition: 1 of (a*) } "
       "rule a1 { condition: true }",
       "identifier-matches-wildcard"},
      {"rule t { condition: for any i in (1, \"a\") : (true) }", "wrong-type"},
      {"rule t { condition: for any i in (1.5, 2.5) : (true) }", "wrong-type"},
      {"rule t { condition: for any i, j in (1..2) : (true) }",
       "wrong-loop-variables"},
      {"rule t { condition: for any i in (1..2) : (for any i in (1..2) : "
       "(true)) }",
       "duplicated-loop-identifier"},
      {"rule t { condition: for any i in t : (true) }", "not-iterable"},
      {"import \"tests\" rule t { condition: for any i in tests.struct_dict : "
       "(true) }",
       "wrong-loop-variables"},
      {"import \"tests\" rule t { condition: for any i in tests.struct_array : "
       "(i) }",
       "wrong-usage"},
      {"rule t { strings: $a = \"abc\" condition: for any of them : "
       "(for any of them : ($)) }",
       "nested-of-loop"},
      {"rule t { condition: for any a in (1..2) : (for any b in (1..2) : "
       "(for any c in (1..2) : (for any d in (1..2) : (for any e in (1..2) : "
       "(true))))) }",
       "loop-nesting"},
  });
}

TEST(Compile, ABadRuleIsLeftOutWithAllThatNamesIt) {
  const ir::Program program = CompileForTest(
      "rule a { condition: true }\n"
      "rule b { condition: bad }\n"
      "rule c { strings: $x = { 6A private \"rule z {\" condition: $x }\n"
      "rule d { condition: b or c }\n"
      "rule e { condition: any of (d*) }\n"
      "rule f { condition: a }\n"
      "rule a { condition: false }\n"
      "private rule g { condition: 'x' }\n"
      "private rule h { condition: true }\n");
  std::string names;
  for (const ir::Rule& rule : program.rules) names += rule.name;
  EXPECT_EQ(names, "afh");
  std::vector<std::pair<uint32_t, std::string>> errors;
  for (const Diagnostic& d : program.diagnostics) {
    EXPECT_EQ(d.file, "test.yar");
    EXPECT_GT(d.column, 0u);
    errors.emplace_back(d.line, d.code);
  }
  const std::vector<std::pair<uint32_t, std::string>> expected = {
      {2, "undefined-identifier"},    {3, "syntax-error"},
      {4, "refers-to-rejected-rule"}, {5, "refers-to-rejected-rule"},
      {7, "duplicated-identifier"},   {8, "syntax-error"},
  };
  EXPECT_EQ(errors, expected);
}

TEST(Compile, RulesCarryWhatWasWritten) {
  const ir::Program program = CompileForTest(
      "// a\n/* b\n */ global private rule t : x y { meta: a = \"b\" a = -5 "
      "c = true strings: $s = \"abc\" private $ = {01 02} condition: all of "
      "them }");
  ASSERT_EQ(program.rules.size(), 1u);
  const ir::Rule& rule = program.rules[0];
  EXPECT_TRUE(rule.is_global && rule.is_private);
  EXPECT_EQ(rule.tags, (std::vector<std::string>{"x", "y"}));
  ASSERT_EQ(rule.metadata.size(), 3u);
  EXPECT_EQ(std::get<std::string>(rule.metadata[0].value), "b");
  EXPECT_EQ(std::get<int64_t>(rule.metadata[1].value), -5);
  EXPECT_TRUE(std::get<bool>(rule.metadata[2].value));
  EXPECT_EQ(rule.source.line, 3u);
  EXPECT_EQ(program.files.at(rule.source.file), "test.yar");
  ASSERT_EQ(rule.patterns.size(), 2u);
  EXPECT_EQ(rule.patterns[0].id, "$s");
  EXPECT_TRUE(rule.patterns[0].is_private);
  EXPECT_EQ(rule.patterns[1].id, "$");
  EXPECT_FALSE(rule.patterns[1].is_private);
}

TEST(Compile, NamespacesAreApart) {
  ir::Program program;
  for (const char* file : {"a.yar", "b.yar"}) {
    Compile(file, "rule t { condition: true }", {}, program);
  }
  ASSERT_EQ(program.rules.size(), 2u);
  EXPECT_NE(program.rules[0].name_space, program.rules[1].name_space);
  EXPECT_EQ(program.name_spaces, 2u);
  EXPECT_EQ(program.files, (std::vector<std::string>{"a.yar", "b.yar"}));
  EXPECT_TRUE(program.diagnostics.empty());
}

TEST(Compile, IsTheSameEveryTime) {
  const char* source =
      "import \"tests\" rule a { strings: $a = /a.c/ $b = {01 02} condition: "
      "any of them or tests.constants.one == 1 }";
  const ir::Program one = CompileForTest(source);
  const ir::Program two = CompileForTest(source);
  ASSERT_EQ(one.rules.size(), 1u);
  EXPECT_EQ(one.rules[0].code, two.rules[0].code);
}

ir::Program CompileFiles(std::map<std::string, std::string> files) {
  CompileOptions options;
  options.include = [&files](std::string_view name,
                             std::string_view) -> std::optional<std::string> {
    const auto found = files.find(std::string(name));
    if (found == files.end()) return std::nullopt;
    return found->second;
  };
  return CompileForTest(files.at("main"), options);
}

TEST(Include, GivesItsRulesWhereItStands) {
  const ir::Program program =
      CompileFiles({{"main", "include \"a\"\nrule m { condition: a }"},
                    {"a",
                     "include \"b\"\nrule a { condition: b }\n"
                     "rule bad { condition: nothing }"},
                    {"b", "\n\nrule b { condition: true }"}});
  ASSERT_EQ(program.rules.size(), 3u);
  EXPECT_EQ(program.rules[0].name, "b");
  EXPECT_EQ(program.files.at(program.rules[0].source.file), "b");
  EXPECT_EQ(program.rules[0].source.line, 3u);
  EXPECT_EQ(program.rules[2].name, "m");
  ASSERT_EQ(program.diagnostics.size(), 1u);
  EXPECT_EQ(program.diagnostics[0].file, "a");
  EXPECT_EQ(program.diagnostics[0].line, 3u);
}

TEST(Include, RefusesCyclesAndDepth) {
  EXPECT_EQ(FirstError(CompileFiles({{"main", "include \"a\""},
                                     {"a", "include \"b\""},
                                     {"b", "include \"a\""}})),
            "include-cycle");
  std::map<std::string, std::string> files;
  files["main"] = "include \"f0\"";
  for (int i = 0; i < 30; ++i) {
    files["f" + std::to_string(i)] =
        "include \"f" + std::to_string(i + 1) + "\"";
  }
  EXPECT_EQ(FirstError(CompileFiles(files)), "include-depth");
}

// Twice as many at each level: 2^16 without a limit.
TEST(Include, BoundsTheirNumber) {
  std::map<std::string, std::string> files;
  files["main"] = "include \"f0\"";
  for (int i = 0; i < 16; ++i) {
    const std::string next = "include \"f" + std::to_string(i + 1) + "\"\n";
    files["f" + std::to_string(i)] = next + next + "//" + std::to_string(i);
  }
  const ir::Program program = CompileFiles(files);
  EXPECT_GT(program.diagnostics.size(), 0u);
}

TEST(Compile, BoundsNestingAndDiagnostics) {
  const std::string open(5000, '(');
  EXPECT_EQ(FirstError(CompileForTest("rule t { condition: " + open)),
            "too-deep");
  std::string sum = "1";
  for (int i = 0; i < 3000; ++i) sum += " + filesize";
  EXPECT_EQ(FirstError(CompileForTest("rule t { condition: " + sum + " }")),
            "too-deep");
  std::string nots;
  for (int i = 0; i < 5000; ++i) nots += "not ";
  EXPECT_EQ(
      FirstError(CompileForTest("rule t { condition: " + nots + "true }")),
      "too-deep");
  // Long is not deep.
  std::string ors = "filesize == 0";
  for (int i = 1; i < 5000; ++i) {
    ors += " or filesize == " + std::to_string(i);
  }
  EXPECT_EQ(FirstError(CompileForTest("rule t { condition: " + ors + " }")),
            "");
  std::string rubbish;
  for (size_t i = 0; i < 2 * kDiagnosticsMax; ++i) rubbish += "rule x { ";
  const ir::Program program = CompileForTest(rubbish);
  EXPECT_EQ(program.diagnostics.size(), kDiagnosticsMax + 1);
  EXPECT_EQ(program.diagnostics.back().code, "too-many-diagnostics");
}

TEST(Compile, Warnings) {
  const Row rows[] = {
      {"rule t { condition: \"abc\" }", "literal-as-boolean"},
      {"rule t { condition: entrypoint == 1 }", "deprecated-entrypoint"},
      {"rule t { strings: $a = \"abc\" condition: 0 of them }", "use-none"},
      {"rule t { strings: $a = \"abc\" condition: 2 of them }", "always-false"},
      {"rule t { strings: $a = \"abc\" $b = \"abd\" condition: all of them at "
       "0 }",
       "several-strings-at-offset"},
  };
  for (const Row& row : rows) {
    const ir::Program program = CompileForTest(row.source);
    EXPECT_EQ(FirstError(program), "") << row.source;
    ASSERT_EQ(program.diagnostics.size(), 1u) << row.source;
    EXPECT_EQ(program.diagnostics[0].code, row.error) << row.source;
  }
}

}  // namespace
}  // namespace vitrine::engine::yara
