// SPDX-License-Identifier: Apache-2.0
#include "config/schedule.h"

#include <array>
#include <optional>
#include <vector>

#include "base/text.h"

namespace vitrine::config {
namespace {

using Kind = Schedule::Kind;

Error NotASchedule(std::string_view text) {
  return {Code::kInvalid,
          "\"" + std::string(text) +
              "\" is no schedule; write manual, startup, every N minutes, "
              "daily HH:MM, weekly DAY HH:MM or monthly D HH:MM"};
}

// `text` as a number of at most `digits` digits in [low, high].
std::optional<uint32_t> Number(std::string_view text, size_t digits,
                               uint64_t low, uint64_t high) {
  if (text.size() > digits) return std::nullopt;
  const auto value = ParseDecimal(text);
  if (!value || *value < low || *value > high) return std::nullopt;
  return static_cast<uint32_t>(*value);
}

bool ReadTime(std::string_view text, Schedule& schedule) {
  if (text.size() != 5 || text[2] != ':') return false;
  const auto hour = Number(text.substr(0, 2), 2, 0, 23);
  const auto minute = Number(text.substr(3), 2, 0, 59);
  if (!hour || !minute) return false;
  schedule.hour = *hour;
  schedule.minute = *minute;
  return true;
}

bool ReadDay(std::string_view text, Schedule& schedule) {
  constexpr std::array<std::string_view, 7> kDays = {"mon", "tue", "wed", "thu",
                                                     "fri", "sat", "sun"};
  for (uint32_t i = 0; i < kDays.size(); ++i) {
    if (text == kDays[i]) {
      schedule.day = i;
      return true;
    }
  }
  return false;
}

bool ReadEvery(const std::vector<std::string_view>& words, Schedule& schedule) {
  const bool hours = words[2] == "hours";
  if (!hours && words[2] != "minutes") return false;
  const auto count = Number(words[1], 5, 1, hours ? 168 : 10080);
  if (!count) return false;
  schedule.kind = Kind::kEvery;
  schedule.every_minutes = *count * (hours ? 60 : 1);
  return true;
}

bool Read(const std::vector<std::string_view>& words, Schedule& schedule) {
  if (words.size() == 1) {
    schedule.kind = words[0] == "startup" ? Kind::kStartup : Kind::kManual;
    return words[0] == "startup" || words[0] == "manual";
  }
  if (words.size() == 2) {
    schedule.kind = Kind::kDaily;
    return words[0] == "daily" && ReadTime(words[1], schedule);
  }
  if (words.size() != 3) return false;
  if (words[0] == "every") return ReadEvery(words, schedule);
  if (words[0] == "weekly") {
    schedule.kind = Kind::kWeekly;
    return ReadDay(words[1], schedule) && ReadTime(words[2], schedule);
  }
  const auto day = Number(words[1], 2, 1, 31);
  if (words[0] != "monthly" || !day) return false;
  schedule.kind = Kind::kMonthly;
  schedule.day = *day;
  return ReadTime(words[2], schedule);
}

}  // namespace

Result<Schedule> Schedule::Parse(std::string_view text) {
  Schedule schedule;
  if (!Read(Split(text, ' '), schedule)) return NotASchedule(text);
  return schedule;
}

}  // namespace vitrine::config
