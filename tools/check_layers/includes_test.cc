// SPDX-License-Identifier: Apache-2.0
#include "check_layers/includes.h"

#include <gtest/gtest.h>

namespace vitrine::house {
namespace {

TEST(Includes, AreFoundWithTheirLines) {
  const auto includes = IncludesOf(
      "// one\n#include \"base/bytes.h\"\n  #  include <zlib.h>  // why\n"
      "#define include <no.h>\n");
  const std::vector<Include> expected = {{2, false, "base/bytes.h"},
                                         {3, true, "zlib.h"}};
  EXPECT_EQ(includes, expected);
}

TEST(WithoutLiterals, KeepsCodeAndLines) {
  EXPECT_EQ(WithoutLiterals("a(\"x\\\"{\"); // {\nb;"), "a(      );     \nb;");
  EXPECT_EQ(WithoutLiterals("/* {\n} */c"), "    \n    c");
  EXPECT_EQ(WithoutLiterals("R\"x(a)\"{)x\";"), "           ;");
  EXPECT_EQ(WithoutLiterals("1'000 + '{' + '\\''"), "1'000 +     +     ");
}

TEST(WithoutLiterals, SurvivesUnclosedLiterals) {
  EXPECT_EQ(WithoutLiterals("\"abc"), "    ");
  EXPECT_EQ(WithoutLiterals("\"abc\\"), "     ");
  EXPECT_EQ(WithoutLiterals("/* abc"), "      ");
  EXPECT_EQ(WithoutLiterals("R\"(abc"), "      ");
}

}  // namespace
}  // namespace vitrine::house
