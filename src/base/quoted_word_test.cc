// SPDX-License-Identifier: Apache-2.0
#include "base/quoted_word.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

TEST(QuotedWord, IsOneWordForAnyBytes) {
  EXPECT_EQ(QuoteWord("plain/+~"), "plain/+~");
  EXPECT_EQ(QuoteWord(""), "%");
  EXPECT_EQ(QuoteWord("a b\r\n%"), "a%20b%0d%0a%25");
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(UnquoteWord(QuoteWord(all)), all);
  EXPECT_EQ(UnquoteWord("%"), "");
}

TEST(QuotedWord, HasOneSpelling) {
  for (const char* word :
       {"", "%2", "%%", "a%", "%0D", "%61", "a b", "\x80", "%zz", "\n"}) {
    EXPECT_FALSE(UnquoteWord(word)) << word;
  }
}

}  // namespace
}  // namespace vitrine
