// SPDX-License-Identifier: Apache-2.0
#include "cli/externals.h"

#include <gtest/gtest.h>

namespace vitrine::cli {
namespace {

using engine::yara::External;

External Value(std::string_view text) {
  const auto define = ParseDefine("x=" + std::string(text));
  EXPECT_TRUE(define.ok()) << text;
  return define.value().second;
}

TEST(ParseDefine, TypesValuesAsYaraDoes) {
  EXPECT_EQ(Value("1"), External{int64_t{1}});
  EXPECT_EQ(Value("-20"), External{int64_t{-20}});
  EXPECT_EQ(Value("1.5"), External{1.5});
  EXPECT_EQ(Value("-.5"), External{-0.5});
  EXPECT_EQ(Value("true"), External{true});
  EXPECT_EQ(Value("false"), External{false});
  EXPECT_EQ(Value("True"), External{std::string("True")});
  EXPECT_EQ(Value("1e3"), External{std::string("1e3")});
  EXPECT_EQ(Value("0x10"), External{std::string("0x10")});
  EXPECT_EQ(Value("a=b"), External{std::string("a=b")});
  EXPECT_EQ(Value("-"), External{std::string("-")});
  EXPECT_EQ(Value("1.2.3"), External{std::string("1.2.3")});
  EXPECT_EQ(Value(""), External{std::string()});
}

TEST(ParseDefine, RefusesBadNamesAndNumbers) {
  for (const char* text :
       {"", "x", "=1", "1x=1", "a-b=1", "x=99999999999999999999"}) {
    EXPECT_FALSE(ParseDefine(text).ok()) << text;
  }
}

}  // namespace
}  // namespace vitrine::cli
