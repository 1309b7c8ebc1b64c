// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vitrine {

// The character at the start of `text` and its size in bytes; size 0 where the
// bytes are not UTF-8 (overlong forms, surrogates and what lies beyond U+10FFFF
// included) or `text` is empty.
struct Utf8Character {
  uint32_t code_point = 0;
  uint32_t size = 0;
};
Utf8Character DecodeUtf8(std::string_view text);

bool IsUtf8(std::string_view text);

// `text` for a person's terminal: what is not UTF-8, and what could move the
// cursor, end the line or turn the reading direction, is spelled \xHH byte by
// byte. Names come from attackers.
std::string Printable(std::string_view text);

}  // namespace vitrine
