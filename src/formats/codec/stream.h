// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "formats/codec/decode.h"
#include "formats/codec/limits.h"

namespace vitrine::codec {

// A first allocation for an output that claims to be `expected` bytes of
// `packed`: what is believed of it.
inline uint64_t FirstReserve(const Input& input) {
  const uint64_t believed =
      kHintRatio * static_cast<uint64_t>(input.bytes.size()) + kFirstOutput;
  return std::min(input.expected, believed);
}

// Runs a library's streaming decoder to its end. `step(in, out, more)` takes
// input and output, and returns what it used of each and whether it is done,
// wants more, or gives up with an End. `more` is false when all of the input
// has been shown.
struct Step {
  uint64_t read = 0;
  uint64_t written = 0;
  bool ended = false;  // With `end`.
  End end = End::kWhole;
};

template <typename StepFunction>
End RunStream(const Input& input, Output& out, uint64_t& consumed,
              StepFunction step) {
  for (;;) {
    if (input.deadline.Passed()) return End::kDeadline;
    std::span<uint8_t> space = out.Space();
    if (space.empty()) return out.out_of_memory() ? End::kMemory : End::kCut;
    space = space.first(std::min<uint64_t>(space.size(), kStepBytes));
    const Bytes left = input.bytes.subspan(consumed);
    const Step made =
        step(left.first(std::min<uint64_t>(left.size(), kStepBytes)), space);
    consumed += made.read;
    out.Commit(made.written);
    if (out.overflowed()) return End::kCut;
    if (made.ended) return made.end;
    if (made.read == 0 && made.written == 0) {
      return consumed == input.bytes.size() ? End::kTruncated : End::kDamaged;
    }
  }
}

}  // namespace vitrine::codec
