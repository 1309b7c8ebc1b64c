// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace vitrine::engine::strings {

// Finds a run of bytes under any one-byte key, all keys in one pass: the
// differences of neighbouring bytes do not depend on the key.
//
// Thread-compatible; holds a copy of the needle.
class XorFinder {
 public:
  static constexpr size_t kNowhere = SIZE_MAX;

  // Keys from `min` to `max`, both included. The needle is not empty.
  XorFinder(Bytes needle, uint8_t min, uint8_t max);

  // The first place at or after `from`, or kNowhere.
  size_t Find(Bytes text, size_t from) const;
  bool MatchesAt(Bytes text, size_t at) const;
  uint8_t KeyAt(Bytes text, size_t at) const {
    return static_cast<uint8_t>(text[at] ^ needle_[0]);
  }
  size_t size() const { return needle_.size(); }

 private:
  uint8_t Difference(size_t i) const {
    return static_cast<uint8_t>(needle_[i] ^ needle_[i + 1]);
  }
  size_t FindScalar(Bytes text, size_t from) const;
  size_t FindAvx2(Bytes text, size_t from) const;

  ByteVector needle_;
  uint8_t min_;
  uint8_t max_;
  size_t first_ = 0;  // Where the two differences to look for are.
  size_t second_ = 0;
};

}  // namespace vitrine::engine::strings
