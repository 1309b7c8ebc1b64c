// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace vitrine::wire {

// Appends little-endian integers and counted texts to `out`, which must outlive
// it.
class Encoder {
 public:
  explicit Encoder(ByteVector& out) : out_(out) {}

  template <std::unsigned_integral T>
  void Put(T value) {
    for (size_t i = 0; i < sizeof(T); ++i) {
      out_.push_back(static_cast<uint8_t>(value >> (8 * i)));
    }
  }
  void PutBytes(Bytes bytes) {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
  }
  // A length of 4 bytes, then the text.
  void PutText(std::string_view text) {
    Put(static_cast<uint32_t>(text.size()));
    PutBytes(AsBytes(text));
  }

 private:
  ByteVector& out_;
};

}  // namespace vitrine::wire
