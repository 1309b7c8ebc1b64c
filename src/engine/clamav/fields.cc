// SPDX-License-Identifier: Apache-2.0
#include "engine/clamav/fields.h"

#include "base/text.h"

namespace vitrine::engine::clamav {
namespace {

uint8_t At(std::string_view text, size_t index) {
  return index < text.size() ? static_cast<uint8_t>(text[index]) : 0;
}

std::optional<int64_t> Number(std::string_view text, int base,
                              std::string_view* rest) {
  size_t at = 0;
  while (IsSpace(At(text, at))) ++at;
  const bool negative = At(text, at) == '-';
  if (negative || At(text, at) == '+') ++at;
  if (base == 0) {
    base = 10;
    if (At(text, at) == '0') {
      base = 8;
      if ((At(text, at + 1) | 0x20) == 'x' && HexDigit(At(text, at + 2)) >= 0) {
        base = 16;
        at += 2;
      }
    }
  }
  const size_t first = at;
  int64_t value = 0;
  for (; at < text.size(); ++at) {
    const int digit = HexDigit(At(text, at));
    if (digit < 0 || digit >= base) break;
    if (value > (INT64_MAX - digit) / base) {
      value = INT64_MAX;
    } else {
      value = value * base + digit;
    }
  }
  if (at == first) return std::nullopt;
  if (rest != nullptr) *rest = text.substr(at);
  return negative ? -value : value;
}

}  // namespace

Fields::Fields(std::string_view line, char separator) {
  for (;;) {
    const size_t at = line.find(separator);
    if (size_ < kKept) fields_[size_] = line.substr(0, at);
    ++size_;
    if (at == std::string_view::npos) return;
    line.remove_prefix(at + 1);
  }
}

std::optional<int64_t> LeadingNumber(std::string_view text,
                                     std::string_view* rest) {
  return Number(text, 10, rest);
}

std::optional<int64_t> LeadingLiteral(std::string_view text,
                                      std::string_view* rest) {
  return Number(text, 0, rest);
}

std::optional<uint32_t> Digits(std::string_view text) {
  uint32_t value = 0;
  for (const char c : text) {
    if (!IsDigit(static_cast<uint8_t>(c))) return std::nullopt;
    value = value * 10 + static_cast<uint32_t>(c - '0');
  }
  return value;
}

}  // namespace vitrine::engine::clamav
