// SPDX-License-Identifier: Apache-2.0
#include "engine/scan/expression_cache.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vitrine::engine::scan {
namespace {

TEST(ExpressionCache, AnswersAsTheExpressionDoes) {
  std::vector<ByteVector> codes;
  for (const char* const source : {"\\.txt$", "^a+b", "a|\\bx\\b", "(ab)*$"}) {
    codes.push_back(regex::Compile(source, {.nocase = true}).value());
  }
  ExpressionCache cache;
  for (int round = 0; round < 3; ++round) {
    for (const ByteVector& code : codes) {
      for (const std::string text : {"", "a.TXT", "aab", "ba x", "x", "abab"}) {
        const Bytes bytes = AsBytes(text);
        EXPECT_EQ(cache.Matches(code, bytes, Deadline::Never()).value(),
                  regex::Matches(code, bytes, Deadline::Never()).value())
            << text;
      }
    }
  }
}

TEST(ExpressionCache, RefusesHostileCodeEachTime) {
  const ByteVector code(7, 0xee);
  ExpressionCache cache;
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(cache.Matches(code, {}, Deadline::Never()).error().code,
              Code::kInvalid);
  }
}

}  // namespace
}  // namespace vitrine::engine::scan
