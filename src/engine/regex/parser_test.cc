// SPDX-License-Identifier: Apache-2.0
#include "engine/regex/parser.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/regex/limits.h"

namespace vitrine::engine::regex {
namespace {

std::string ErrorOf(std::string_view source) {
  const auto parsed = Parse(source, {});
  return parsed.ok() ? "" : parsed.error().message;
}

TEST(Parser, RefusesWhatYaraRefuses) {
  for (const char* source : {"", ")", "(abc", "abc)", "(|abc)ef", "|a", "()",
                             "a**", "a+*", "a{2}{3}", "a???", "{2}", "a|{2}",
                             "^*", "+", "a\\b*", "a$?", "(?a)", "(?=a)"}) {
    EXPECT_EQ(ErrorOf(source), "syntax error") << source;
  }
  EXPECT_EQ(ErrorOf("\\1"), "backreferences are not allowed");
  EXPECT_EQ(ErrorOf("[b-a]"), "bad character range");
  for (const char* source : {"[]", "[^]", "[a", "a[]b"}) {
    EXPECT_EQ(ErrorOf(source), "missing terminating ] for character class");
  }
  for (const char* source : {"\\x0", "\\x", "\\xxy", "[\\x4]", "a\\"}) {
    EXPECT_EQ(ErrorOf(source), "illegal escape sequence") << source;
  }
  for (const char* source : {"a{32768}", "a{0,32768}", "b{1,4294967297}",
                             "c{99999999999999999999}"}) {
    EXPECT_EQ(ErrorOf(source), "repeat interval too large") << source;
  }
  EXPECT_EQ(ErrorOf("a{2,1}"), "bad repeat interval");
  for (const char* source : {"a*?b*", "a{2}?b+", "(a+|b)*?", "a{2}b*?"}) {
    EXPECT_EQ(ErrorOf(source),
              "greedy and ungreedy quantifiers can't be mixed in a regular "
              "expression");
  }
}

TEST(Parser, AcceptsWhatYaraAccepts) {
  for (const char* source :
       {"a??",  "a{,}",    "a{}",     "a{ ,3}", "a{ 2,3}",  "a{2, 3 }",
        "a{x}", "a|",      "a||b",    "(a|)",   "(^a)*b",   "[a-]",
        "[-a]", "[a-\\d]", "[\\d-z]", "\\q",    "a{32767}", "(a{1000}){1000}",
        "a]",   "a}",      "{",       "{a}",    "\\b\\b",   "(?:ab)+",
        "[]a]", "[^]a]",   "a{00002}"}) {
    EXPECT_EQ(ErrorOf(source), "") << source;
  }
}

TEST(Parser, LimitsNesting) {
  const std::string deep(kDepthMax + 1, '(');
  EXPECT_FALSE(Parse(deep + "a" + std::string(deep.size(), ')'), {}).ok());
  const std::string legal(kDepthMax - 1, '(');
  EXPECT_TRUE(Parse(legal + "a" + std::string(legal.size(), ')'), {}).ok());
}

TEST(Parser, SeesUnboundedDotsAndOddEscapes) {
  EXPECT_TRUE(Parse("a.*b", {}).value().unbounded_dot);
  EXPECT_TRUE(Parse("a.{3,}b", {}).value().unbounded_dot);
  EXPECT_FALSE(Parse("a.{3,9}b", {}).value().unbounded_dot);
  EXPECT_FALSE(Parse("a[^x]*b", {}).value().unbounded_dot);
  EXPECT_TRUE(Parse("ab\\cdef", {}).value().unknown_escape);
  EXPECT_TRUE(Parse("ab[\\000-\\343]", {}).value().unknown_escape);
  EXPECT_FALSE(Parse("C:\\\\Users\\.\\*", {}).value().unknown_escape);
}

}  // namespace
}  // namespace vitrine::engine::regex
