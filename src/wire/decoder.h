// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "base/byte_reader.h"
#include "base/bytes.h"

namespace vitrine::wire {

// Takes apart what Encoder put together, from a peer that must be distrusted.
// The first thing that does not fit makes it failed() for good; what it gives
// from then on is zero and empty, so that a decoder need ask only once, at its
// end. Every count must be checked against Fits() before memory is set aside.
class Decoder {
 public:
  explicit Decoder(Bytes bytes) : reader_(bytes) {}

  template <std::unsigned_integral T>
  T Get() {
    const auto value = reader_.Peek<std::endian::little, T>(at_);
    if (failed_ || !value) {
      failed_ = true;
      return 0;
    }
    at_ += sizeof(T);
    return *value;
  }
  Bytes GetBytes(uint64_t size);
  // A length of 4 bytes, at most `longest`, and the text.
  std::string_view GetText(uint64_t longest);
  // All that is left.
  Bytes GetRest() { return GetBytes(left()); }

  // A count of things that take at least `least` bytes each.
  uint32_t GetCount(uint64_t least);

  // For a value that decodes and is wrong all the same.
  void Refuse() { failed_ = true; }
  bool failed() const { return failed_; }
  // Whether nothing failed and nothing is left.
  bool Finished() const { return !failed_ && left() == 0; }
  uint64_t left() const { return reader_.size() - at_; }

 private:
  ByteReader reader_;
  uint64_t at_ = 0;
  bool failed_ = false;
};

// Whether a person or a log can be shown it as it is: 0x20..0x7e only.
bool IsPrintableAscii(std::string_view text);

}  // namespace vitrine::wire
