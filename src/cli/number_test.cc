// SPDX-License-Identifier: Apache-2.0
#include "cli/number.h"

#include <gtest/gtest.h>

namespace vitrine::cli {
namespace {

TEST(ParseSize, KnowsClamscansSuffixes) {
  EXPECT_EQ(ParseSize("0"), 0u);
  EXPECT_EQ(ParseSize("600"), 600u);
  EXPECT_EQ(ParseSize("2k"), 2048u);
  EXPECT_EQ(ParseSize("2K"), 2048u);
  EXPECT_EQ(ParseSize("25M"), uint64_t{25} << 20);
  EXPECT_EQ(ParseSize("4g"), uint64_t{4} << 30);
}

TEST(ParseSize, RefusesTheRest) {
  for (const char* text : {"", "K", "1.5M", "-1", "+1", "1KB", "abc", " 1",
                           "99999999999999999999", "17179869184G"}) {
    EXPECT_EQ(ParseSize(text), std::nullopt) << text;
  }
}

TEST(ParseSwitch, TakesBothSpellings) {
  EXPECT_EQ(ParseSwitch("yes"), true);
  EXPECT_EQ(ParseSwitch("NO"), false);
  EXPECT_EQ(ParseSwitch("1"), true);
  EXPECT_EQ(ParseSwitch("off"), false);
  EXPECT_EQ(ParseSwitch("maybe"), std::nullopt);
  EXPECT_EQ(ParseSwitch(""), std::nullopt);
}

TEST(ReadableSize, PicksAUnit) {
  EXPECT_EQ(ReadableSize(0), "0 bytes");
  EXPECT_EQ(ReadableSize(1), "1 byte");
  EXPECT_EQ(ReadableSize(999), "999 bytes");
  EXPECT_EQ(ReadableSize(1500), "1.5 KB");
  EXPECT_EQ(ReadableSize(999'999), "1.0 MB");
  EXPECT_EQ(ReadableSize(10'737'418'240), "10.7 GB");
}

TEST(WithCommas, GroupsByThousands) {
  EXPECT_EQ(WithCommas(0), "0");
  EXPECT_EQ(WithCommas(999), "999");
  EXPECT_EQ(WithCommas(1000), "1,000");
  EXPECT_EQ(WithCommas(1234567), "1,234,567");
}

TEST(Counted, KnowsOneFromMany) {
  EXPECT_EQ(Counted(0, "file"), "0 files");
  EXPECT_EQ(Counted(1, "hash"), "1 hash");
  EXPECT_EQ(Counted(2000, "hash"), "2,000 hashes");
}

}  // namespace
}  // namespace vitrine::cli
