// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include "base/bytes.h"

namespace vitrine {
namespace {

constexpr Utf8Character kBad{};

bool IsUnprintable(uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) ||  // C0, DEL, C1.
         c == 0x2028 || c == 0x2029 ||           // Line separators.
         c == 0x200e || c == 0x200f ||           // Direction marks,
         (c >= 0x202a && c <= 0x202e) ||         // overrides
         (c >= 0x2066 && c <= 0x2069) ||         // and isolates.
         c == 0x61c || c == 0xfeff;
}

}  // namespace

Utf8Character DecodeUtf8(std::string_view text) {
  const Bytes bytes = AsBytes(text);
  if (bytes.empty()) return kBad;
  const uint8_t first = bytes[0];
  if (first < 0x80) return {first, 1};
  const uint32_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || bytes.size() < size) return kBad;
  uint32_t c = first & (0x7fu >> size);
  for (uint32_t i = 1; i < size; ++i) {
    if ((bytes[i] & 0xc0) != 0x80) return kBad;
    c = c << 6 | (bytes[i] & 0x3fu);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (c < kLeast[size] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
    return kBad;
  }
  return {c, size};
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const auto character = DecodeUtf8(text);
    if (character.size == 0) return false;
    text.remove_prefix(character.size);
  }
  return true;
}

std::string Printable(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto character = DecodeUtf8(text);
    const uint32_t size = character.size == 0 ? 1 : character.size;
    if (character.size != 0 && !IsUnprintable(character.code_point)) {
      out += text.substr(0, size);
    } else {
      for (const uint8_t byte : AsBytes(text.substr(0, size))) {
        out += "\\x";
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
      }
    }
    text.remove_prefix(size);
  }
  return out;
}

}  // namespace vitrine
