// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace vitrine::config {

// When a task starts, in the machine's local time. The spellings:
//
//   manual                  only when asked
//   startup                 when the service starts
//   every N minutes         N 1..10080; also `every N hours`, N 1..168
//   daily HH:MM
//   weekly DAY HH:MM        DAY mon tue wed thu fri sat sun
//   monthly D HH:MM         D 1..31; where a month is shorter, its last day
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
  uint32_t every_minutes = 0;  // kEvery
  uint32_t day = 0;            // kWeekly: 0 is Monday. kMonthly: 1..31.
  uint32_t hour = 0;
  uint32_t minute = 0;

  // kInvalid where `text` is none of the above. One blank between words.
  static Result<Schedule> Parse(std::string_view text);
};

}  // namespace vitrine::config
