// SPDX-License-Identifier: Apache-2.0
#include "base/file_time.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

TEST(FileTime, CountsFrom1970) {
  EXPECT_EQ(FileTimeNs(0, 5), 5);
  EXPECT_EQ(FileTimeNs(-1, 999'999'999), -1);
  EXPECT_EQ(FileTimeNs(1'795'824'000, 1), 1'795'824'000'000'000'001);
}

TEST(FileTime, EndsWhereTheNumberDoes) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
  EXPECT_EQ(FileTimeNs(9'223'372'036, 854'775'807), kMost);
  EXPECT_EQ(FileTimeNs(9'223'372'036, 854'775'808), kMost);
  EXPECT_EQ(FileTimeNs(9'223'372'037, 0), kMost);
  EXPECT_EQ(FileTimeNs(kMost, 999'999'999), kMost);
  EXPECT_EQ(FileTimeNs(-9'223'372'038, 0), kLeast);
  EXPECT_EQ(FileTimeNs(kLeast, 0), kLeast);
}

}  // namespace
}  // namespace vitrine
