// SPDX-License-Identifier: Apache-2.0
#include "tasks/calendar.h"

#include <ctime>

#include "tasks/limits.h"

namespace vitrine::tasks {
namespace {

using Kind = config::Schedule::Kind;

std::tm LocalTime(int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm local = {};
  localtime_r(&time, &local);
  return local;
}

// A day of the calendar as a time at noon, which every zone has.
std::tm Noon(int year, int month, int day) {
  std::tm time = {};
  time.tm_year = year;
  time.tm_mon = month;
  time.tm_mday = day;
  time.tm_hour = 12;
  time.tm_isdst = -1;
  std::mktime(&time);  // Brings a 32nd into the next month.
  time.tm_isdst = -1;
  return time;
}

int DaysIn(const std::tm& month) {
  std::tm last = Noon(month.tm_year, month.tm_mon + 1, 0);
  return last.tm_mday;
}

bool IsDay(const config::Schedule& schedule, const std::tm& day) {
  switch (schedule.kind) {
    case Kind::kDaily:
      return true;
    case Kind::kWeekly:
      return (schedule.weekdays >> ((day.tm_wday + 6) % 7) & 1) != 0;
    case Kind::kMonthly: {
      if ((schedule.month_days >> (day.tm_mday - 1) & 1) != 0) return true;
      // What a short month has not is its last day's.
      return day.tm_mday == DaysIn(day) &&
             schedule.month_days >> day.tm_mday != 0;
    }
    default:
      return false;
  }
}

bool IsAt(int64_t seconds, const std::tm& day, int minute) {
  const std::tm local = LocalTime(seconds);
  return local.tm_year == day.tm_year && local.tm_yday == day.tm_yday &&
         local.tm_hour * 60 + local.tm_min == minute;
}

// The first moment at which the clocks of that day show `minute` or more.
int64_t MomentOf(const std::tm& day, int minute) {
  std::optional<int64_t> first;
  for (const int summer : {-1, 0, 1}) {
    std::tm time = day;
    time.tm_hour = minute / 60;
    time.tm_min = minute % 60;
    time.tm_sec = 0;
    time.tm_isdst = summer;
    const int64_t moment = std::mktime(&time);
    if (IsAt(moment, day, minute) && (!first || moment < *first)) {
      first = moment;
    }
  }
  if (first) return *first;
  // The clock skips it. Minute by minute: it happens twice a year.
  std::tm noon = day;
  int64_t moment = std::mktime(&noon) - int64_t{14} * 3600;
  moment -= moment % 60;
  for (int i = 0; i < kMinutesSearched; ++i, moment += 60) {
    const std::tm local = LocalTime(moment);
    const bool same =
        local.tm_year == day.tm_year && local.tm_yday == day.tm_yday;
    if (same && local.tm_hour * 60 + local.tm_min >= minute) break;
  }
  return moment;
}

}  // namespace

std::optional<int64_t> NextByCalendar(const config::Schedule& schedule,
                                      int64_t after) {
  if (schedule.times.empty()) return std::nullopt;
  const std::tm today = LocalTime(after);
  for (int i = 0; i < kDaysSearched; ++i) {
    const std::tm day = Noon(today.tm_year, today.tm_mon, today.tm_mday + i);
    if (!IsDay(schedule, day)) continue;
    for (const uint32_t time : schedule.times) {
      const int64_t moment = MomentOf(day, static_cast<int>(time));
      if (moment > after) return moment;
    }
  }
  return std::nullopt;
}

}  // namespace vitrine::tasks
