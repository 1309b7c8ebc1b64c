// SPDX-License-Identifier: Apache-2.0
#include "config/schedule.h"

#include <gtest/gtest.h>

namespace vitrine::config {
namespace {

TEST(Schedule, ReadsEachSpelling) {
  EXPECT_EQ(Schedule::Parse("manual").value().kind, Schedule::Kind::kManual);
  EXPECT_EQ(Schedule::Parse("startup").value().kind, Schedule::Kind::kStartup);
  EXPECT_EQ(Schedule::Parse("every 90 minutes").value().every_minutes, 90u);
  EXPECT_EQ(Schedule::Parse("every 2 hours").value().every_minutes, 120u);
  const auto daily = Schedule::Parse("daily 03:05").value();
  EXPECT_EQ(daily.kind, Schedule::Kind::kDaily);
  EXPECT_EQ(daily.times, std::vector<uint32_t>{185});
  const auto weekly = Schedule::Parse("weekly sun 23:59").value();
  EXPECT_EQ(weekly.kind, Schedule::Kind::kWeekly);
  EXPECT_EQ(weekly.weekdays, 1u << 6);
  const auto monthly = Schedule::Parse("monthly 31 00:00").value();
  EXPECT_EQ(monthly.kind, Schedule::Kind::kMonthly);
  EXPECT_EQ(monthly.month_days, 1u << 30);
}

TEST(Schedule, ReadsListsOfDaysAndTimes) {
  const auto weekly = Schedule::Parse("weekly mon,fri 08:00,20:30").value();
  EXPECT_EQ(weekly.weekdays, 0b0010001u);
  EXPECT_EQ(weekly.times, (std::vector<uint32_t>{480, 1230}));
  const auto monthly = Schedule::Parse("monthly 1,15 00:00").value();
  EXPECT_EQ(monthly.month_days, (1u << 0) | (1u << 14));
}

TEST(Schedule, RefusesEverythingElse) {
  for (const char* text : {"",
                           "Manual",
                           "daily",
                           "daily 24:00",
                           "daily 3:00",
                           "daily 03:60",
                           "daily  03:00",
                           "weekly 1 03:00",
                           "weekly mon",
                           "monthly 0 03:00",
                           "monthly 32 03:00",
                           "every 0 minutes",
                           "every 10081 minutes",
                           "every 169 hours",
                           "every 5 days",
                           "startup now",
                           "daily 03:00 x",
                           "every -1 minutes",
                           "daily 03:00\n",
                           "daily 03:00,03:00",
                           "daily 04:00,03:00",
                           "daily 03:00,",
                           "weekly mon,mon 03:00",
                           "weekly mon, 03:00",
                           "monthly 1,1 03:00"}) {
    EXPECT_FALSE(Schedule::Parse(text).ok()) << text;
  }
}

}  // namespace
}  // namespace vitrine::config
