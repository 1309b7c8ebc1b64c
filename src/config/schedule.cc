// SPDX-License-Identifier: Apache-2.0
#include "config/schedule.h"

#include <algorithm>
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
              "daily HH:MM, weekly DAY HH:MM or monthly D HH:MM, days and "
              "times by rising commas"};
}

// `text` as a number of at most `digits` digits in [low, high].
std::optional<uint32_t> Number(std::string_view text, size_t digits,
                               uint64_t low, uint64_t high) {
  if (text.size() > digits) return std::nullopt;
  const auto value = ParseDecimal(text);
  if (!value || *value < low || *value > high) return std::nullopt;
  return static_cast<uint32_t>(*value);
}

bool ReadTimes(std::string_view text, Schedule& schedule) {
  for (const std::string_view time : Split(text, ',')) {
    if (time.size() != 5 || time[2] != ':') return false;
    const auto hour = Number(time.substr(0, 2), 2, 0, 23);
    const auto minute = Number(time.substr(3), 2, 0, 59);
    if (!hour || !minute) return false;
    const uint32_t at = *hour * 60 + *minute;
    // Rising, so that nothing stands there twice.
    if (!schedule.times.empty() && at <= schedule.times.back()) return false;
    schedule.times.push_back(at);
  }
  return true;
}

// Sets the bit, which must not be set yet.
bool SetBit(uint32_t bit, uint32_t& bits) {
  const bool is_new = (bits >> bit & 1) == 0;
  bits |= uint32_t{1} << bit;
  return is_new;
}

bool ReadWeekdays(std::string_view text, Schedule& schedule) {
  constexpr std::array<std::string_view, 7> kDays = {"mon", "tue", "wed", "thu",
                                                     "fri", "sat", "sun"};
  for (const std::string_view day : Split(text, ',')) {
    const auto known = std::find(kDays.begin(), kDays.end(), day);
    if (known == kDays.end()) return false;
    const auto bit = static_cast<uint32_t>(known - kDays.begin());
    if (!SetBit(bit, schedule.weekdays)) return false;
  }
  return true;
}

bool ReadMonthDays(std::string_view text, Schedule& schedule) {
  for (const std::string_view day : Split(text, ',')) {
    const auto number = Number(day, 2, 1, 31);
    if (!number || !SetBit(*number - 1, schedule.month_days)) return false;
  }
  return true;
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
    return words[0] == "daily" && ReadTimes(words[1], schedule);
  }
  if (words.size() != 3) return false;
  if (words[0] == "every") return ReadEvery(words, schedule);
  if (words[0] == "weekly") {
    schedule.kind = Kind::kWeekly;
    return ReadWeekdays(words[1], schedule) && ReadTimes(words[2], schedule);
  }
  schedule.kind = Kind::kMonthly;
  return words[0] == "monthly" && ReadMonthDays(words[1], schedule) &&
         ReadTimes(words[2], schedule);
}

}  // namespace

Result<Schedule> Schedule::Parse(std::string_view text) {
  Schedule schedule;
  if (!Read(Split(text, ' '), schedule)) return NotASchedule(text);
  return schedule;
}

}  // namespace vitrine::config
