// SPDX-License-Identifier: Apache-2.0
#include "base/quoted_word.h"

#include <cstdint>

#include "base/text.h"

namespace vitrine {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

bool StandsAsIs(uint8_t byte) {
  return byte > 0x20 && byte < 0x7f && byte != '%';
}

}  // namespace

std::string QuoteWord(std::string_view text) {
  if (text.empty()) return "%";
  std::string word;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (StandsAsIs(byte)) {
      word += c;
    } else {
      word += '%';
      word += kDigits[byte >> 4];
      word += kDigits[byte & 15];
    }
  }
  return word;
}

std::optional<std::string> UnquoteWord(std::string_view word) {
  std::string text;
  if (word == "%") return text;
  if (word.empty()) return std::nullopt;
  for (size_t i = 0; i < word.size(); ++i) {
    if (StandsAsIs(static_cast<uint8_t>(word[i]))) {
      text += word[i];
      continue;
    }
    if (word[i] != '%' || word.size() - i < 3) return std::nullopt;
    const size_t high = kDigits.find(word[i + 1]);
    const size_t low = kDigits.find(word[i + 2]);
    if (high == kDigits.npos || low == kDigits.npos) return std::nullopt;
    const auto byte = static_cast<uint8_t>(high * 16 + low);
    if (StandsAsIs(byte)) return std::nullopt;
    text += static_cast<char>(byte);
    i += 2;
  }
  return text;
}

}  // namespace vitrine
