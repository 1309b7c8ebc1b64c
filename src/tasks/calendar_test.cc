// SPDX-License-Identifier: Apache-2.0
#include "tasks/calendar.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace vitrine::tasks {
namespace {

// Middle European rules, spelled out so that no zone files are needed: forward
// at 02:00 on the last Sunday of March, back at 03:00 on that of October.
constexpr char kBerlin[] = "CET-1CEST,M3.5.0,M10.5.0/3";

class Calendar : public testing::Test {
 protected:
  void SetUp() override { Zone(kBerlin); }
  void TearDown() override { Zone("UTC0"); }
  static void Zone(const char* zone) {
    setenv("TZ", zone, 1);
    tzset();
  }

  static int64_t Utc(int year, int month, int day, int hour, int minute) {
    std::tm time = {};
    time.tm_year = year - 1900;
    time.tm_mon = month - 1;
    time.tm_mday = day;
    time.tm_hour = hour;
    time.tm_min = minute;
    return timegm(&time);
  }
  static int64_t Next(const char* schedule, int64_t after) {
    return NextByCalendar(config::Schedule::Parse(schedule).value(), after)
        .value();
  }
};

TEST_F(Calendar, IsStrictlyAfter) {
  const int64_t start = Utc(2026, 11, 28, 1, 30);  // 02:30 there.
  EXPECT_EQ(Next("daily 02:30", start - 1), start);
  EXPECT_EQ(Next("daily 02:30", start), start + 86400);
}

TEST_F(Calendar, TakesTheNextOfSeveralTimes) {
  EXPECT_EQ(Next("daily 08:00,20:30", Utc(2026, 11, 28, 8, 0)),
            Utc(2026, 11, 28, 19, 30));
  EXPECT_EQ(Next("daily 08:00,20:30", Utc(2026, 11, 28, 20, 0)),
            Utc(2026, 11, 29, 7, 0));
}

TEST_F(Calendar, KnowsWeekdays) {
  // 28 November 2026 is a Saturday.
  EXPECT_EQ(Next("weekly mon,fri 01:00", Utc(2026, 11, 28, 12, 0)),
            Utc(2026, 11, 30, 0, 0));
  EXPECT_EQ(Next("weekly mon,fri 01:00", Utc(2026, 11, 30, 0, 0)),
            Utc(2026, 12, 4, 0, 0));
  EXPECT_EQ(Next("weekly sun 00:00", Utc(2026, 11, 28, 22, 59)),
            Utc(2026, 11, 28, 23, 0));
}

TEST_F(Calendar, AShortMonthMeansItsLastDay) {
  EXPECT_EQ(Next("monthly 31 12:00", Utc(2026, 2, 1, 0, 0)),
            Utc(2026, 2, 28, 11, 0));
  EXPECT_EQ(Next("monthly 31 12:00", Utc(2028, 2, 1, 0, 0)),
            Utc(2028, 2, 29, 11, 0));
  EXPECT_EQ(Next("monthly 31 12:00", Utc(2026, 4, 30, 11, 0)),
            Utc(2026, 5, 31, 10, 0));
  // Both days are the last one: once, not twice.
  EXPECT_EQ(Next("monthly 30,31 12:00", Utc(2026, 2, 28, 11, 0)),
            Utc(2026, 3, 30, 10, 0));
  EXPECT_EQ(Next("monthly 1,15 00:00", Utc(2026, 12, 15, 0, 0)),
            Utc(2026, 12, 31, 23, 0));
}

TEST_F(Calendar, ASkippedTimeIsTheFirstMomentAfterIt) {
  // On 29 March 2026 clocks go from 02:00 to 03:00, at 01:00 UTC.
  EXPECT_EQ(Next("daily 02:30", Utc(2026, 3, 28, 12, 0)),
            Utc(2026, 3, 29, 1, 0));
  EXPECT_EQ(Next("daily 02:30", Utc(2026, 3, 29, 1, 0)),
            Utc(2026, 3, 30, 0, 30));
  EXPECT_EQ(Next("daily 03:00", Utc(2026, 3, 28, 12, 0)),
            Utc(2026, 3, 29, 1, 0));
}

TEST_F(Calendar, ATimeThatComesTwiceIsMeantOnce) {
  // On 25 October 2026 clocks go from 03:00 to 02:00, at 01:00 UTC.
  EXPECT_EQ(Next("daily 02:30", Utc(2026, 10, 24, 12, 0)),
            Utc(2026, 10, 25, 0, 30));
  EXPECT_EQ(Next("daily 02:30", Utc(2026, 10, 25, 0, 30)),
            Utc(2026, 10, 26, 1, 30));
}

TEST_F(Calendar, AMidnightThatIsSkippedIsFound) {
  // Clocks that go forward at midnight: that day has no 00:00.
  Zone("BRT3BRST,M11.1.0/0,M2.3.0/0");
  EXPECT_EQ(Next("daily 00:00", Utc(2026, 10, 31, 12, 0)),
            Utc(2026, 11, 1, 3, 0));
}

TEST_F(Calendar, OtherKindsHaveNone) {
  EXPECT_FALSE(
      NextByCalendar(config::Schedule::Parse("manual").value(), 0).has_value());
  EXPECT_FALSE(
      NextByCalendar(config::Schedule::Parse("every 2 hours").value(), 0)
          .has_value());
}

}  // namespace
}  // namespace vitrine::tasks
