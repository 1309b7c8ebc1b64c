// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "formats/codec/bit_reader.h"

namespace vitrine::codec {

// A canonical prefix code of up to 512 symbols and 16 bits, decoded bit by bit:
// for the rare formats, where small matters more than fast.
class Huffman {
 public:
  // False when a length is above 16, or they give more codes than there are.
  // Fewer is allowed:
  // a code that is missing then decodes to -1.
  bool Build(std::span<const uint8_t> lengths) {
    count_ = {};
    for (const uint8_t length : lengths) {
      if (length >= count_.size()) return false;
      ++count_[length];
    }
    count_[0] = 0;
    int left = 1;
    for (size_t length = 1; length < count_.size(); ++length) {
      left = 2 * left - count_[length];
      if (left < 0) return false;
    }
    std::array<uint16_t, 17> next = {};
    for (size_t length = 1; length + 1 < next.size(); ++length) {
      next[length + 1] = static_cast<uint16_t>(next[length] + count_[length]);
    }
    for (size_t i = 0; i < lengths.size(); ++i) {
      if (lengths[i] != 0) {
        symbols_[next[lengths[i]]++] = static_cast<uint16_t>(i);
      }
    }
    return true;
  }

  // The symbol whose code starts in `ahead`, 16 bits of which the first is
  // lowest, and its length; or -1.
  int Lookup(uint32_t ahead, unsigned& length) const {
    int code = 0;
    int first = 0;
    int index = 0;
    for (length = 1; length <= 16; ++length) {
      code |= static_cast<int>((ahead >> (length - 1)) & 1);
      const int count = count_[length];
      if (code - count < first) {
        return symbols_[static_cast<size_t>(index + code - first)];
      }
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return -1;
  }

  // The next symbol, or -1. `invert`: the stream holds the codes' complements.
  int Decode(BitReader& bits, bool invert = false) const {
    unsigned length = 0;
    const int symbol = Lookup(bits.Peek(16) ^ (invert ? 0xffffU : 0U), length);
    if (symbol >= 0) bits.Skip(length);
    return symbol;
  }

 private:
  std::array<uint16_t, 17> count_ = {};
  std::array<uint16_t, 512> symbols_ = {};
};

}  // namespace vitrine::codec
