// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/text.h"

namespace vitrine::update {

// The lines of a text, each of which ends in a line feed, by the word that they
// begin with. A view; owns nothing.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : left_(text) {}

  bool AtEnd() const { return left_.empty(); }
  size_t line() const { return line_; }  // Lines taken.
  std::string_view rest() const { return left_; }

  // What stands after `word` and a blank on the next line, if it begins so;
  // otherwise nothing, and the line stays.
  std::optional<std::string_view> Take(std::string_view word) {
    const size_t end = left_.find('\n');
    if (end == left_.npos) return std::nullopt;
    std::string_view line = left_.substr(0, end);
    if (!line.starts_with(word)) return std::nullopt;
    line.remove_prefix(word.size());
    if (!line.starts_with(' ')) return std::nullopt;
    left_.remove_prefix(end + 1);
    ++line_;
    return line.substr(1);
  }

  // The next line, whatever it says; nothing where it does not end.
  std::optional<std::string_view> TakeLine() {
    const size_t end = left_.find('\n');
    if (end == left_.npos) return std::nullopt;
    const std::string_view line = left_.substr(0, end);
    left_.remove_prefix(end + 1);
    ++line_;
    return line;
  }

 private:
  std::string_view left_;
  size_t line_ = 0;
};

// Decimal in its one spelling: no sign, no leading zeros, at most `most`.
inline std::optional<uint64_t> CanonicalNumber(std::string_view text,
                                               uint64_t most) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  const std::optional<uint64_t> number = ParseDecimal(text);
  if (!number || *number > most) return std::nullopt;
  return number;
}

// Bytes in hexadecimal in their one spelling: lower case, and exactly as many.
template <size_t kSize>
bool ReadHex(std::string_view text, std::array<uint8_t, kSize>& out) {
  const std::optional<ByteVector> bytes = FromHex(text);
  if (!bytes || bytes->size() != kSize || ToHex(*bytes) != text) return false;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return true;
}

}  // namespace vitrine::update
