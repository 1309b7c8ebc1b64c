// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace vitrine::engine::regex {

// How often a byte is seen in files of all kinds, 0 (rare) to 255.
uint8_t Commonness(uint8_t byte);

// Finds one run of bytes in text. Looks for its two rarest bytes at their
// distance, 32 places at a time where the processor can.
//
// Thread-compatible; holds a copy of the needle.
class LiteralFinder {
 public:
  static constexpr size_t kNowhere = SIZE_MAX;

  // `nocase`: ASCII letters match either case. The needle is not empty.
  LiteralFinder(Bytes needle, bool nocase);

  // The first place at or after `from`, or kNowhere.
  size_t Find(Bytes text, size_t from) const;
  bool MatchesAt(Bytes text, size_t at) const;
  size_t size() const { return needle_.size(); }

 private:
  // A byte of the needle to look for: text[place + offset] | fold == byte.
  struct Probe {
    size_t offset = 0;
    uint8_t byte = 0;
    uint8_t fold = 0;
  };

  Probe ProbeAt(size_t offset) const;
  size_t FindScalar(Bytes text, size_t from) const;
  size_t FindAvx2(Bytes text, size_t from) const;

  ByteVector needle_;
  bool nocase_;
  Probe rare_;
  Probe second_;
};

}  // namespace vitrine::engine::regex
