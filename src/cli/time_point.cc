// SPDX-License-Identifier: Apache-2.0
#include "cli/time_point.h"

#include <ctime>
#include <string>

#include "base/text.h"

namespace vitrine::cli {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;
// Seconds up to here fit into nanoseconds of 64 bits.
constexpr uint64_t kSecondsMax = INT64_MAX / kSecondNs;

std::optional<uint64_t> SecondsOfUnit(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86'400;
    case 'w':
      return 7 * 86'400;
    default:
      return std::nullopt;
  }
}

std::optional<int64_t> ParseAgo(std::string_view text, int64_t now_ns) {
  const auto unit = SecondsOfUnit(text.back());
  const auto count = ParseDecimal(text.substr(0, text.size() - 1));
  if (!unit || !count || *count > kSecondsMax / *unit) return std::nullopt;
  return now_ns - static_cast<int64_t>(*count * *unit) * kSecondNs;
}

std::optional<int64_t> ParseDate(std::string_view text) {
  const bool is_utc = text.ends_with('Z');
  if (is_utc) text.remove_suffix(1);
  const std::string copy(text);
  for (const char* form : {"%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"}) {
    std::tm parts{};
    parts.tm_isdst = -1;
    const char* const end = strptime(copy.c_str(), form, &parts);
    if (end == nullptr || *end != '\0') continue;
    const time_t time = is_utc ? timegm(&parts) : mktime(&parts);
    if (time < 0 || static_cast<uint64_t>(time) > kSecondsMax) continue;
    return int64_t{time} * kSecondNs;
  }
  return std::nullopt;
}

}  // namespace

std::optional<int64_t> ParseTime(std::string_view text, int64_t now_ns) {
  if (text.empty()) return std::nullopt;
  if (text.front() == '@') {
    const auto seconds = ParseDecimal(text.substr(1));
    if (!seconds || *seconds > kSecondsMax) return std::nullopt;
    return static_cast<int64_t>(*seconds) * kSecondNs;
  }
  if (const auto ago = ParseAgo(text, now_ns)) return ago;
  return ParseDate(text);
}

}  // namespace vitrine::cli
