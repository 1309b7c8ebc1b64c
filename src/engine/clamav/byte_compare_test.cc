// SPDX-License-Identifier: Apache-2.0
#include "engine/clamav/byte_compare.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace vitrine::engine::clamav {
namespace {

// The number that is seen, found by asking.
std::optional<int64_t> Seen(const std::string& options, std::string_view text) {
  const std::string input = "." + std::string(text);
  const auto holds = [&](const std::string& condition) {
    Result<ByteCompare> parsed =
        ParseByteCompare("0(>>1#" + options + "#" + condition + ")");
    EXPECT_TRUE(parsed.ok()) << options;
    CodeWriter out;
    WriteByteCompare(parsed.value(), out);
    const ByteVector code = out.Take();
    CodeReader in(code);
    Result<ByteCompare> read = ReadByteCompare(in);
    EXPECT_TRUE(read.ok());
    return Compares(read.value(), AsBytes(input), 0);
  };
  if (!holds(">-1")) return std::nullopt;
  int64_t low = 0;
  int64_t high = int64_t{1} << 40;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (holds(">" + std::to_string(middle))) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  EXPECT_TRUE(holds("=" + std::to_string(low)));
  return low;
}

constexpr auto kNone = std::nullopt;

// All as clamscan 1.4.6 saw them.
TEST(ByteCompareTest, ReadsHexadecimalText) {
  EXPECT_EQ(Seen("hb4", "12345678"), 0x1234);
  EXPECT_EQ(Seen("hb4", "12 34567"), 0x12);
  EXPECT_EQ(Seen("hb4", " 1234567"), 0x123);
  EXPECT_EQ(Seen("hb4", "0x123456"), 0x12);
  EXPECT_EQ(Seen("hb2", "0x123456"), 0);
  EXPECT_EQ(Seen("hb4", "zz123456"), 0);
  EXPECT_EQ(Seen("hbe4", "12 34567"), kNone);
  EXPECT_EQ(Seen("hbe4", "0x123456"), 0x12);
  EXPECT_EQ(Seen("hbe2", "0x123456"), kNone);
  EXPECT_EQ(Seen("hbe2", " 1234567"), kNone);
  EXPECT_EQ(Seen("h4", "12345678"), kNone);
}

TEST(ByteCompareTest, ReadsHexadecimalTextBackwardsByPairs) {
  EXPECT_EQ(Seen("hl4", "12345678"), 0x3412);
  EXPECT_EQ(Seen("hl3", "12345678"), 0x2301);
  EXPECT_EQ(Seen("hl1", "12345678"), 1);
  EXPECT_EQ(Seen("hl4", "12 34567"), 0x12);
  EXPECT_EQ(Seen("hl3", "12 34567"), 1);
  EXPECT_EQ(Seen("hl5", " 1234567"), 0x3412);
  EXPECT_EQ(Seen("hl5", "0x123456"), 0x2301);
  EXPECT_EQ(Seen("hl6", "9abcdefg"), 0xdebc9a);
  EXPECT_EQ(Seen("hle4", "12345678"), 0x3412);
  EXPECT_EQ(Seen("hle3", "12345678"), kNone);
  EXPECT_EQ(Seen("hle1", "12345678"), 1);
  EXPECT_EQ(Seen("hle1", "zz123456"), kNone);
  EXPECT_EQ(Seen("hle2", "zz123456"), 0);
  EXPECT_EQ(Seen("hle4", "0x123456"), kNone);
}

TEST(ByteCompareTest, ReadsDecimalText) {
  EXPECT_EQ(Seen("d4", "12345678"), 1234);
  EXPECT_EQ(Seen("d4", "0x123456"), 0);
  EXPECT_EQ(Seen("db4", "9abcdefg"), 9);
  EXPECT_EQ(Seen("de4", "9abcdefg"), kNone);
  EXPECT_EQ(Seen("de4", "12345678"), 1234);
}

TEST(ByteCompareTest, TellsTextsApart) {
  EXPECT_EQ(Seen("ab4", "12345678"), 1234);
  EXPECT_EQ(Seen("ab4", "0x123456"), 0x12);
  EXPECT_EQ(Seen("ab2", "12345678"), kNone);
  EXPECT_EQ(Seen("ab3", " 1234567"), kNone);
  EXPECT_EQ(Seen("ab4", " 1234567"), 123);
  EXPECT_EQ(Seen("al5", "0x123456"), 0x2301);
  EXPECT_EQ(Seen("al5", "12345678"), kNone);
  EXPECT_EQ(Seen("ale5", "0x123456"), kNone);
  EXPECT_EQ(Seen("abe4", "0x123456"), 0x12);
  EXPECT_EQ(Seen("a4", "12345678"), kNone);
}

TEST(ByteCompareTest, ReadsRawNumbers) {
  EXPECT_EQ(Seen("ib2", "AB"), 0x4142);
  EXPECT_EQ(Seen("il2", "AB"), 0x4241);
  EXPECT_EQ(Seen("il4", "ABCD"), 0x44434241);
  EXPECT_EQ(Seen("i1", "A"), kNone);
  EXPECT_EQ(Seen("ib2", "A"), kNone);  // The input ends.
}

TEST(ByteCompareTest, LooksBeforeAndBehindTheMatch) {
  const auto at = [](const std::string& text, uint64_t start) {
    Result<ByteCompare> parsed = ParseByteCompare(text);
    return parsed.ok() && Compares(parsed.value(), AsBytes("ABCDEF"), start);
  };
  EXPECT_TRUE(at("0(>>2#ib1#=69)", 2));
  EXPECT_TRUE(at("0(<<2#ib1#=66)", 3));
  EXPECT_FALSE(at("0(<<3#ib1#=65)", 2));
  EXPECT_FALSE(at("0(>>99999999999999999999#ib1#=65)", 2));
  EXPECT_FALSE(at("0(>>4#ib1#=65)", UINT64_MAX));
  EXPECT_TRUE(at("0(>>0#ib1#>65,<67)", 1));
  EXPECT_FALSE(at("0(>>0#ib1#>65,<66)", 1));
  // clamscan never looks at the first byte.
  EXPECT_FALSE(at("0(<<2#ib1#=65)", 2));
  EXPECT_FALSE(at("0(>>0#ib1#=65)", 0));
  // No number is 0.
  EXPECT_TRUE(at("0(>>1#ib1#>)", 2));
  EXPECT_FALSE(at("0(>>1#ib1#>,=)", 2));
}

TEST(ByteCompareTest, TakesAndRefusesAsClamscan) {
  for (const char* text :
       {"0(>>4#i1#=65)", "0(>>4#bi1#=65)", "0(>>4#1#=65)", "0(>>#ib1#=65)",
        "0(>>-4#ib1#=65)", "0(>>0x4#ib1#=65)", "0(>>4#ib1#=65)x",
        "0(>>4#ib1#=65)::i", "(>>4#ib1#=65)", "0(>>4#ib1#= 65)",
        " 0(>>4#ib1#=65)", "64(>>4#ib1#=65)", "0(>>4#ib01#=65)",
        "0(>>4#hb18#=1)", "0(>>4#db100#=1)", "0(>>4#iib1#=1)"}) {
    EXPECT_TRUE(ParseByteCompare(text).ok()) << text;
  }
  for (const char* text : {"0(>>4#ilb1#=65)",
                           "0(>>4#ib1#65)",
                           "0(>>4#ib1#!65)",
                           "0(>>4#ib1#=65,)",
                           "0(>>4#ib1#=65,>1,>2)",
                           "0(>>4#ib1#)",
                           "0(>>4#ib1)",
                           "0(>>4)",
                           "0()",
                           "0(>4#ib1#=65)",
                           "0(4#ib1#=65)",
                           "0(>>4#ib#=65)",
                           "0(>>4#ib0#=65)",
                           "0(>>4#ib9#=65)",
                           "0(>>4#dl3#=1)",
                           "0(>>4#zb1#=1)",
                           "4:0(>>4#ib1#=65)",
                           "0&0(>>4#ib1#=65)",
                           "0 (>>4#ib1#=65)",
                           "0(>>4#ib1#=65 )",
                           "0(>>4#IB1#=65)",
                           "0(>>4#ib1#>=65)",
                           "0(>>4#ib1#=65#)",
                           "0(>>4##=65)",
                           "0(>>4#ib1#=65",
                           "0(>>4#hb19#=1)",
                           "0(>>4#ib3#=1)",
                           "0(>>4#ib1#=abc)"}) {
    EXPECT_FALSE(ParseByteCompare(text).ok()) << text;
  }
}

}  // namespace
}  // namespace vitrine::engine::clamav
