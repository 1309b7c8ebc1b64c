// SPDX-License-Identifier: Apache-2.0
#include "tuf/date_time.h"

#include <chrono>
#include <cstdio>

#include "base/check.h"
#include "base/text.h"

namespace vitrine::tuf {
namespace {

constexpr std::string_view kShape = "0000-00-00T00:00:00Z";
constexpr int64_t kSecondsADay = 86'400;
constexpr Time kTimeMax = 253'402'300'799;  // 9999-12-31T23:59:59Z

}  // namespace

std::optional<Time> ParseDateTime(std::string_view text) {
  if (text.size() != kShape.size()) return std::nullopt;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool digit = kShape[i] == '0';
    if (digit ? !IsDigit(static_cast<uint8_t>(text[i]))
              : text[i] != kShape[i]) {
      return std::nullopt;
    }
  }
  const auto number = [text](size_t at, size_t size) {
    return static_cast<unsigned>(*ParseDecimal(text.substr(at, size)));
  };
  const std::chrono::year_month_day date{
      std::chrono::year(static_cast<int>(number(0, 4))),
      std::chrono::month(number(5, 2)), std::chrono::day(number(8, 2))};
  const unsigned hour = number(11, 2);
  const unsigned minute = number(14, 2);
  const unsigned second = number(17, 2);
  if (!date.ok() || int{date.year()} < 1970 || hour > 23 || minute > 59 ||
      second > 59) {
    return std::nullopt;
  }
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * kSecondsADay + hour * 3600 + minute * 60 + second;
}

std::string FormatDateTime(Time time) {
  CHECK(time >= 0 && time <= kTimeMax);
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(time / kSecondsADay))};
  const auto second = static_cast<unsigned>(time % kSecondsADay);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02u:%02u:%02uZ",
                int{date.year()}, unsigned{date.month()}, unsigned{date.day()},
                second / 3600, second / 60 % 60, second % 60);
  return text;
}

}  // namespace vitrine::tuf
