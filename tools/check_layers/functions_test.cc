// SPDX-License-Identifier: Apache-2.0
#include "check_layers/functions.h"

#include <gtest/gtest.h>

namespace vitrine::house {
namespace {

std::vector<std::string> Names(std::string_view text) {
  std::vector<std::string> names;
  for (const Function& function : FunctionsOf(text)) {
    names.push_back(function.name + ":" + std::to_string(function.line) + "+" +
                    std::to_string(function.lines));
  }
  return names;
}

using Expected = std::vector<std::string>;

TEST(Functions, AreMeasuredFromNameToBrace) {
  EXPECT_EQ(Names("int a;\nint F(int x,\n      int y) {\n  if (x) {\n  }\n}\n"),
            (Expected{"F:2+5"}));
}

TEST(Functions, StandInNamespacesAndClasses) {
  EXPECT_EQ(Names("namespace a {\nclass B : C {\n public:\n  void F() {\n  }\n"
                  "  int x_ = 0;\n};\nvoid B::G() const {\n}\n}\n"),
            (Expected{"F:4+2", "B::G:8+2"}));
}

TEST(Functions, KnowConstructorsWithInitialisers) {
  EXPECT_EQ(Names("A::A(int x)\n    : a_{x},\n      b_(x) {\n  Go();\n}\n"),
            (Expected{"A::A:1+5"}));
}

TEST(Functions, CountLambdasIntoTheirFunction) {
  EXPECT_EQ(Names("void F() {\n  auto g = [&](int x) {\n    y(x);\n  };\n}\n"),
            (Expected{"F:1+5"}));
}

TEST(Functions, AreNotStructsOrTables) {
  EXPECT_EQ(Names("struct A {\n  int x{3};\n};\nconst int t[] = {\n  1,\n};\n"
                  "enum class E : int { kA };\n"),
            Expected{});
}

TEST(Functions, MayBeTemplates) {
  EXPECT_EQ(Names("template <class T = int>\nT F(T x) {\n  return x;\n}\n"),
            (Expected{"F:1+4"}));
}

TEST(Functions, AreFoundBehindMacrosWithBraces) {
  EXPECT_EQ(Names("#define X(a) { \\\n  a(\nint F() {\n}\n"),
            (Expected{"F:3+2"}));
}

}  // namespace
}  // namespace vitrine::house
