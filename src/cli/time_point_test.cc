// SPDX-License-Identifier: Apache-2.0
#include "cli/time_point.h"

#include <gtest/gtest.h>

namespace vitrine::cli {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kNow = 1'790'000'000 * kSecond;

TEST(ParseTime, ReadsHowLongAgo) {
  EXPECT_EQ(ParseTime("90s", kNow), kNow - 90 * kSecond);
  EXPECT_EQ(ParseTime("15m", kNow), kNow - 900 * kSecond);
  EXPECT_EQ(ParseTime("2h", kNow), kNow - 7200 * kSecond);
  EXPECT_EQ(ParseTime("7d", kNow), kNow - 7 * 86'400 * kSecond);
  EXPECT_EQ(ParseTime("1w", kNow), kNow - 7 * 86'400 * kSecond);
}

TEST(ParseTime, ReadsDates) {
  EXPECT_EQ(ParseTime("1970-01-02Z", kNow), 86'400 * kSecond);
  EXPECT_EQ(ParseTime("2026-09-21T14:13Z", kNow),
            (1'790'000'000 - 20) * kSecond);
  EXPECT_EQ(ParseTime("2026-09-21T14:13:20Z", kNow), kNow);
  EXPECT_TRUE(ParseTime("2026-09-21", kNow).has_value());
  EXPECT_EQ(ParseTime("@1790000000", kNow), kNow);
}

TEST(ParseTime, RefusesTheRest) {
  for (const char* text :
       {"", "h", "5", "5x", "-5m", "yesterday", "2026-13-01Z", "2026-09-21T",
        "2026-09-21T14:13:20Zz", "@", "@x", "99999999999999999999s",
        "9223372036854775807w"}) {
    EXPECT_EQ(ParseTime(text, kNow), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace vitrine::cli
