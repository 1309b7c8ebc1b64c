// SPDX-License-Identifier: Apache-2.0
#include "engine/yara/clamav_dialect.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/yara/test_scan.h"

namespace vitrine::engine::yara {
namespace {

ir::Program CompileClamav(std::string_view source) {
  CompileOptions options;
  options.dialect = Dialect::kClamav;
  return CompileForTest(source, options);
}

std::string NamesOf(const ir::Program& program) {
  std::string names;
  for (const ir::Rule& rule : program.rules) names += rule.name + " ";
  return names;
}

// Each was asked of clamscan 1.4.6.
TEST(ClamavDialect, TakesTheOldLanguage) {
  for (const char* source : {
           "rule T { strings: $a = \"marker\" nocase condition: $a }",
           "rule T { strings: $a = /mar[k]er/ condition: $a at 4 }",
           "rule T { strings: $a = {6d 69 [1-2] 73 73} condition: $a }",
           "rule T { strings: $a = {6d 69 ?? 73} condition: $a }",
           "rule T { strings: $a = \"abc\" wide ascii fullword condition: $a }",
           "import \"pe\" rule T { strings: $a = \"abc\" condition: $a }",
           "import \"no such\" rule T { strings: $a = \"abc\" condition: $a }",
           "rule T { strings: $a = \"abc\" condition: for any i in (1..#a) : "
           "(@a[i] == 5) and uint8(0) == 5 and filesize < 1KB }",
           "rule T : tag { meta: a = 1 strings: $ = \"abc\" condition: 1 of "
           "them }",
       }) {
    const ir::Program program = CompileClamav(source);
    EXPECT_EQ(NamesOf(program), "YARA.T ") << source;
    EXPECT_TRUE(program.diagnostics.empty()) << source;
  }
}

TEST(ClamavDialect, GlobalMeansNothing) {
  const ir::Program program =
      CompileClamav("global rule T { strings: $a = \"abc\" condition: $a }");
  ASSERT_EQ(program.rules.size(), 1u);
  EXPECT_FALSE(program.rules[0].is_global);
}

TEST(ClamavDialect, DropsABadRuleWithAWarning) {
  for (const char* bad : {
           "rule B { condition: true }",
           "rule B { strings: $a = \"a\" condition: $a }",
           "rule B { strings: $a = \"abc\" $b = \"s\" condition: any of them }",
           "rule B { strings: $a = \"abc\" private condition: $a }",
           "rule B { strings: $a = \"abc\" xor condition: $a }",
           "rule B { strings: $a = \"abc\" base64 condition: $a }",
           "rule B { strings: $a = \"abc\" condition: !a == 3 }",
           "rule B { strings: $a = \"abc\" condition: none of them }",
           "rule B { strings: $a = \"abc\" condition: 50% of them }",
           "rule B { strings: $a = \"abc\" condition: any of them at 5 }",
           "rule B { strings: $a = \"abc\" condition: defined $a }",
           "rule B { strings: $a = \"abc\" condition: $a and 1.5 < 2.0 }",
           "rule B { strings: $a = \"abc\" condition: $a and int16be(0) == 1 }",
           "rule B { strings: $a = \"abc\" condition: $a and pe.is_pe }",
           "rule B { strings: $a = \"abc\" condition: foo }",
           "rule B { strings: $a = \"abc\" condition: $a and -1 < 0 }",
           "rule B { strings: $a = {61 62 ~63} condition: $a }",
           "rule B { strings: $a = \"abc\" condition: true }",
       }) {
    const ir::Program program =
        CompileClamav(std::string(bad) +
                      " rule T { strings: $a = \"marker\" condition: $a }");
    EXPECT_EQ(NamesOf(program), "YARA.T ") << bad;
    EXPECT_EQ(program.diagnostics.size(), 1u) << bad;
    EXPECT_EQ(CountOf(program, Severity::kError), 0u) << bad;
  }
}

TEST(ClamavDialect, ExpressionsHeedCase) {
  for (const char* expression : {"/Marker/i", "/Marker/ nocase"}) {
    const ir::Program program =
        CompileClamav("rule T { strings: $a = " + std::string(expression) +
                      " condition: $a }");
    EXPECT_EQ(ScanForTest(program, AsBytes("a Marker")).rules.size(), 1u);
    EXPECT_EQ(ScanForTest(program, AsBytes("a marker")).rules.size(), 0u);
  }
}

TEST(ClamavDialect, RefusesSingleBytesBetweenJumps) {
  EXPECT_TRUE(HasNoSingleBytes("6d 69"));
  EXPECT_TRUE(HasNoSingleBytes("6d 69 ?? 73 [0-2] 73 73"));
  EXPECT_TRUE(HasNoSingleBytes("6d 69 /* [ */ (69|70) 73"));
  EXPECT_FALSE(HasNoSingleBytes("6d"));
  EXPECT_FALSE(HasNoSingleBytes("6d ??"));
  EXPECT_FALSE(HasNoSingleBytes("6d 61 ?? 6b [0-2] 72"));
  EXPECT_FALSE(HasNoSingleBytes("6d 69 [2] 69"));
  EXPECT_FALSE(HasNoSingleBytes("6d [1-3] 73 73"));
  EXPECT_FALSE(HasNoSingleBytes("6d 69 73 [1-4] (73|74) 73"));
  EXPECT_FALSE(HasNoSingleBytes("6d 69 [0-2] 7? 73"));
  const ir::Program program = CompileClamav(
      "rule T { strings: $a = {6d 61 ?? 6b [0-2] 72} condition: $a }");
  EXPECT_EQ(FirstError(program), "clamav-single-byte");
  EXPECT_TRUE(program.rules.empty());
}

}  // namespace
}  // namespace vitrine::engine::yara
