// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace vitrine::engine::regex {

// A set of byte values.
class ByteSet {
 public:
  static ByteSet Of(uint8_t byte) {
    ByteSet set;
    set.Add(byte);
    return set;
  }
  static ByteSet All() { return ByteSet().Inverted(); }

  bool Has(uint8_t byte) const { return (words_[byte / 64] >> byte % 64) & 1; }
  void Add(uint8_t byte) { words_[byte / 64] |= uint64_t{1} << byte % 64; }
  void AddRange(uint8_t first, uint8_t last) {
    for (int b = first; b <= last; ++b) Add(static_cast<uint8_t>(b));
  }
  void Remove(uint8_t byte) {
    words_[byte / 64] &= ~(uint64_t{1} << byte % 64);
  }
  void Add(const ByteSet& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }
  ByteSet Inverted() const {
    ByteSet set;
    for (size_t i = 0; i < words_.size(); ++i) set.words_[i] = ~words_[i];
    return set;
  }
  // With the other case of each ASCII letter in it.
  ByteSet Folded() const {
    ByteSet set = *this;
    for (uint8_t c = 'a'; c <= 'z'; ++c) {
      const auto upper = static_cast<uint8_t>(c - 32);
      if (Has(c)) set.Add(upper);
      if (Has(upper)) set.Add(c);
    }
    return set;
  }
  int Count() const {
    int count = 0;
    for (const uint64_t word : words_) count += std::popcount(word);
    return count;
  }
  // The lowest member; 0 if there is none.
  uint8_t First() const {
    for (size_t i = 0; i < words_.size(); ++i) {
      if (words_[i] != 0) {
        return static_cast<uint8_t>(
            i * 64 + static_cast<size_t>(std::countr_zero(words_[i])));
      }
    }
    return 0;
  }
  uint64_t Word(size_t i) const { return words_[i]; }
  void SetWord(size_t i, uint64_t word) { words_[i] = word; }

  bool operator==(const ByteSet&) const = default;

 private:
  std::array<uint64_t, 4> words_{};
};

// What `\b` and `\w` call a word: letters, digits, underscore.
constexpr bool IsWordByte(uint8_t c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace vitrine::engine::regex
