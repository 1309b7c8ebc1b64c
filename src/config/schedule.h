// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vitrine::config {

// When a task starts, in the machine's local time. The spellings:
//
//   manual                    only when asked
//   startup                   when the service starts
//   every N minutes           N 1..10080; also `every N hours`, N 1..168
//   daily TIMES               TIMES is HH:MM[,HH:MM...]
//   weekly DAYS TIMES         DAYS is mon tue wed thu fri sat sun, by commas
//   monthly DAYS TIMES        DAYS is 1..31, by commas; where a month is
//                             shorter, its last day
struct Schedule {
  enum class Kind : uint8_t {
    kManual,
    kStartup,
    kEvery,
    kDaily,
    kWeekly,
    kMonthly
  };

  Kind kind = Kind::kManual;
  uint32_t every_minutes = 0;   // kEvery
  uint32_t weekdays = 0;        // kWeekly: bit 0 is Monday.
  uint32_t month_days = 0;      // kMonthly: bit 0 is the first.
  std::vector<uint32_t> times;  // Minutes after midnight, rising.

  // kInvalid where `text` is none of the above. One blank between words.
  static Result<Schedule> Parse(std::string_view text);
};

}  // namespace vitrine::config
