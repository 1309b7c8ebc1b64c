// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

TEST(Utf8, TakesTheShortestFormsOnly) {
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8("a\xc3\xa6\xe2\x82\xac\xf0\x9f\x8c\x8d"));
  EXPECT_FALSE(IsUtf8("\xc0\x80"));          // Overlong NUL.
  EXPECT_FALSE(IsUtf8("\xe0\x80\x80"));      // Overlong.
  EXPECT_FALSE(IsUtf8("\xf0\x80\x80\x80"));  // Overlong.
  EXPECT_FALSE(IsUtf8("\xed\xa0\x80"));      // Surrogate.
  EXPECT_FALSE(IsUtf8("\xf4\x90\x80\x80"));  // Above U+10FFFF.
  EXPECT_FALSE(IsUtf8("\xc3"));              // Cut short.
  EXPECT_FALSE(IsUtf8("\x80"));              // No beginning.
  EXPECT_FALSE(IsUtf8("\xff"));
}

TEST(Utf8, RoundTripsEveryCodePoint) {
  for (uint32_t c = 0; c <= 0x10ffff; ++c) {
    std::string text;
    if (c < 0x80) {
      text = {static_cast<char>(c)};
    } else if (c < 0x800) {
      text = {static_cast<char>(0xc0 | c >> 6),
              static_cast<char>(0x80 | (c & 63))};
    } else if (c < 0x10000) {
      text = {static_cast<char>(0xe0 | c >> 12),
              static_cast<char>(0x80 | (c >> 6 & 63)),
              static_cast<char>(0x80 | (c & 63))};
    } else {
      text = {static_cast<char>(0xf0 | c >> 18),
              static_cast<char>(0x80 | (c >> 12 & 63)),
              static_cast<char>(0x80 | (c >> 6 & 63)),
              static_cast<char>(0x80 | (c & 63))};
    }
    const auto decoded = DecodeUtf8(text);
    const bool surrogate = c >= 0xd800 && c <= 0xdfff;
    ASSERT_EQ(decoded.size, surrogate ? 0 : text.size()) << c;
    if (!surrogate) {
      ASSERT_EQ(decoded.code_point, c);
    }
  }
}

TEST(Printable, KeepsWhatIsHarmless) {
  EXPECT_EQ(Printable("sm\xc3\xb8rrebr\xc3\xb8"
                      "d \\ \"x\""),
            "sm\xc3\xb8rrebr\xc3\xb8"
            "d \\ \"x\"");
}

TEST(Printable, SpellsWhatCouldDeceiveATerminal) {
  EXPECT_EQ(Printable("a\x1b[2Jb\n\r\t\x7f"), "a\\x1b[2Jb\\x0a\\x0d\\x09\\x7f");
  EXPECT_EQ(Printable("\xff"
                      "a\xc3"),
            "\\xffa\\xc3");
  EXPECT_EQ(Printable("\xc2\x9b"), "\\xc2\\x9b");           // C1 CSI.
  EXPECT_EQ(Printable("\xe2\x80\xae"), "\\xe2\\x80\\xae");  // RLO.
}

}  // namespace
}  // namespace vitrine
