// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace vitrine::codec {

// Bits of a byte string, lowest bit of each byte first. Past the end it reads
// zeros and says so; a decoder's loop must look at exhausted().
class BitReader {
 public:
  explicit BitReader(Bytes bytes) : bytes_(bytes) {}

  // The next `count` (0 to 32) bits, first bit lowest.
  uint32_t Peek(unsigned count) {
    while (held_ < count) {
      if (at_ < bytes_.size()) {
        bits_ |= uint64_t{bytes_[at_]} << held_;
      } else {
        ++missing_;
      }
      ++at_;
      held_ += 8;
    }
    return static_cast<uint32_t>(bits_ & ((uint64_t{1} << count) - 1));
  }
  void Skip(unsigned count) {
    bits_ >>= count;
    held_ -= count;
  }
  uint32_t Take(unsigned count) {
    const uint32_t value = Peek(count);
    Skip(count);
    return value;
  }
  void AlignToByte() { Skip(held_ % 8); }

  // Bits were taken that are not there.
  bool exhausted() const { return uint64_t{missing_} * 8 > held_; }
  // Bytes of which at least one bit was taken.
  uint64_t consumed() const {
    const uint64_t used = at_ - held_ / 8;
    return used < bytes_.size() ? used : bytes_.size();
  }

 private:
  Bytes bytes_;
  uint64_t at_ = 0;
  uint64_t bits_ = 0;
  unsigned held_ = 0;
  unsigned missing_ = 0;
};

}  // namespace vitrine::codec
