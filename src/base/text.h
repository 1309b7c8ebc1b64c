// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace vitrine {

// ASCII only, whatever the locale.
constexpr bool IsDigit(uint8_t c) { return c >= '0' && c <= '9'; }
constexpr bool IsAlpha(uint8_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool IsAlnum(uint8_t c) { return IsDigit(c) || IsAlpha(c); }
constexpr bool IsSpace(uint8_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
constexpr uint8_t ToLower(uint8_t c) {
  return c >= 'A' && c <= 'Z' ? static_cast<uint8_t>(c + 32) : c;
}
std::string ToLowerText(std::string_view text);

// 0..15, or -1.
constexpr int HexDigit(uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Lower-case hex. / The bytes of an even number of hex digits of either case.
std::string ToHex(Bytes bytes);
std::optional<ByteVector> FromHex(std::string_view hex);

// Whole-string decimal without sign or blanks; nullopt on overflow.
std::optional<uint64_t> ParseDecimal(std::string_view text);

// Between separators, empty fields included: "a::b" gives {a, "", b}.
std::vector<std::string_view> Split(std::string_view text, char separator);
std::string_view Trim(std::string_view text);

}  // namespace vitrine
