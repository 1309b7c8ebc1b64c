// SPDX-License-Identifier: Apache-2.0
#include "formats/text/normalise.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

namespace vitrine::text {
namespace {

std::string Of(std::string_view text, uint64_t size_max = 0) {
  return std::string(AsText(Normalise(AsBytes(text), size_max).bytes));
}

// As clamscan 1.4.6 leaves it in its temporary files.
TEST(Normalise, LowersCollapsesAndDrops) {
  EXPECT_EQ(Of("Hello   WORLD\t\tPlain\r\n\r\nTEXT \n"),
            "hello world plain text ");
  EXPECT_EQ(Of("  lead"), " lead");
  EXPECT_EQ(Of("a\x01z \x7f \x80\xff \v\f A"), "az \x7f a");
}

TEST(Normalise, MapsEveryByteAsObserved) {
  for (int c = 0; c < 256; ++c) {
    const std::string text = std::string("a") + static_cast<char>(c) + "b";
    std::string expected = "a";
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      expected += ' ';
    } else if (c >= 'A' && c <= 'Z') {
      expected += static_cast<char>(c + 32);
    } else if (c > 0x20 && c < 0x80) {
      expected += static_cast<char>(c);
    }
    EXPECT_EQ(Of(text), expected + "b") << c;
  }
}

// Long texts go through wide registers; each byte of them must still come out
// as it would after one that was kept before it.
TEST(Normalise, OfLongTextsIsThatOfTheirBytesOneByOne) {
  std::mt19937 random(3);
  for (int round = 0; round < 400; ++round) {
    const bool ascii = round % 2 == 0;
    std::string text(random() % 300, 'x');
    for (char& c : text) {
      c = "abcXYZ[@{`~! \t\n\r  \x7f\x01\x80\xff"[random() % (ascii ? 19 : 23)];
    }
    std::string expected;
    for (const char c : text) {
      const std::string one = Of(std::string_view(&c, 1));
      if (one == " " && expected.ends_with(' ')) continue;
      expected += one;
    }
    EXPECT_EQ(Of(text), expected);
  }
}

TEST(Normalise, MakesAsciiOfUtf16) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(Of("\xff\xfeH\0i\0 \0 \0Y\0o\0\x2d\x4e"sv), "hi yo-n");
}

TEST(Normalise, SaysWhenItStopsAtTheLimit) {
  EXPECT_EQ(Of("ABCDEF", 4), "abcd");
  EXPECT_TRUE(Normalise(AsBytes("ABCDE"), 4).cut);
  EXPECT_FALSE(Normalise(AsBytes("ABCD"), 4).cut);
}

}  // namespace
}  // namespace vitrine::text
