// SPDX-License-Identifier: Apache-2.0
#include "cli/number.h"

#include <charconv>

#include "base/text.h"

namespace vitrine::cli {

std::optional<uint64_t> ParseSize(std::string_view text) {
  uint64_t unit = 1;
  if (!text.empty()) {
    switch (ToLower(static_cast<uint8_t>(text.back()))) {
      case 'k':
        unit = uint64_t{1} << 10;
        break;
      case 'm':
        unit = uint64_t{1} << 20;
        break;
      case 'g':
        unit = uint64_t{1} << 30;
        break;
      default:
        break;
    }
  }
  if (unit != 1) text.remove_suffix(1);
  const auto number = ParseDecimal(text);
  if (!number || *number > UINT64_MAX / unit) return std::nullopt;
  return *number * unit;
}

std::optional<bool> ParseSwitch(std::string_view text) {
  const std::string word = ToLowerText(text);
  if (word == "yes" || word == "true" || word == "on" || word == "1") {
    return true;
  }
  if (word == "no" || word == "false" || word == "off" || word == "0") {
    return false;
  }
  return std::nullopt;
}

std::string ReadableSize(uint64_t bytes) {
  constexpr const char* kUnits[] = {"bytes", "KB", "MB", "GB", "TB", "PB"};
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  // 999.95 would be shown as 1000.0.
  while (value >= 999.95 && unit + 1 < std::size(kUnits)) {
    value /= 1000;
    ++unit;
  }
  if (unit == 0)
    return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
  return Decimals(value, 1) + " " + kUnits[unit];
}

std::string WithCommas(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string Counted(uint64_t number, std::string_view noun) {
  return WithCommas(number) + " " + std::string(noun) +
         (number == 1            ? ""
          : noun.ends_with("sh") ? "es"
                                 : "s");
}

std::string Decimals(double value, int decimals) {
  char text[400];  // The largest double has 309 digits before the point.
  const auto end = std::to_chars(text, text + sizeof text, value,
                                 std::chars_format::fixed, decimals);
  return {text, end.ptr};
}

}  // namespace vitrine::cli
