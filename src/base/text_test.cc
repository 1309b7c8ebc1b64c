// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <string>

namespace vitrine {
namespace {

using testing::ElementsAre;
using testing::Eq;
using testing::Optional;

// All bytes, against the C locale's functions (the tests set no other).
TEST(Text, ClassesAreThoseOfAscii) {
  for (int c = 0; c < 256; ++c) {
    const auto byte = static_cast<uint8_t>(c);
    const bool ascii = c < 128;
    EXPECT_EQ(IsDigit(byte), ascii && std::isdigit(c) != 0) << c;
    EXPECT_EQ(IsAlpha(byte), ascii && std::isalpha(c) != 0) << c;
    EXPECT_EQ(IsAlnum(byte), ascii && std::isalnum(c) != 0) << c;
    EXPECT_EQ(IsSpace(byte), ascii && std::isspace(c) != 0) << c;
    EXPECT_EQ(ToLower(byte), ascii ? std::tolower(c) : c) << c;
    EXPECT_EQ(HexDigit(byte) >= 0, ascii && std::isxdigit(c) != 0) << c;
  }
  EXPECT_EQ(HexDigit('9'), 9);
  EXPECT_EQ(HexDigit('a'), 10);
  EXPECT_EQ(HexDigit('F'), 15);
  EXPECT_EQ(ToLowerText("AbC\xc4z"), "abc\xc4z");
}

TEST(Text, HexGoesThereAndBack) {
  ByteVector all;
  for (unsigned c = 0; c < 256; ++c) all.push_back(static_cast<uint8_t>(c));
  EXPECT_EQ(ToHex(AsBytes("\x01\xaf")), "01af");
  EXPECT_THAT(FromHex(ToHex(all)), Optional(Eq(all)));
  EXPECT_THAT(FromHex("aBCd"), Optional(Eq(ByteVector{0xab, 0xcd})));
  EXPECT_THAT(FromHex(""), Optional(Eq(ByteVector{})));
  for (const char* bad : {"a", "0g", "g0", " 00", "0x00"}) {
    EXPECT_EQ(FromHex(bad), std::nullopt) << bad;
  }
}

TEST(Text, DecimalsAreWholeAndFit) {
  EXPECT_THAT(ParseDecimal("0"), Optional(Eq(0u)));
  EXPECT_THAT(ParseDecimal("007"), Optional(Eq(7u)));
  EXPECT_THAT(ParseDecimal("18446744073709551615"), Optional(Eq(UINT64_MAX)));
  for (const char* bad :
       {"", "-1", "+1", " 1", "1 ", "1a", "0x1", "18446744073709551616"}) {
    EXPECT_EQ(ParseDecimal(bad), std::nullopt) << bad;
  }
}

TEST(Text, SplitKeepsEmptyFields) {
  EXPECT_THAT(Split("a::b", ':'), ElementsAre("a", "", "b"));
  EXPECT_THAT(Split("", ':'), ElementsAre(""));
  EXPECT_THAT(Split(":", ':'), ElementsAre("", ""));
  EXPECT_THAT(Split("abc", ':'), ElementsAre("abc"));
}

TEST(Text, TrimTakesBlanksOffBothEnds) {
  EXPECT_EQ(Trim(" \t a b\r\n\v\f"), "a b");
  EXPECT_EQ(Trim(" \n "), "");
  EXPECT_EQ(Trim(""), "");
}

}  // namespace
}  // namespace vitrine
