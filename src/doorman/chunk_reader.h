// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace vitrine::doorman {

// The body of INSTREAM: chunks of a big-endian 32-bit length and that many
// bytes, ended by the length 0; at most `limit` bytes in all. Pure.
class ChunkReader {
 public:
  explicit ChunkReader(uint64_t limit) : left_(limit) {}

  struct Step {
    enum class State : uint8_t {
      kMore,     // All of the input was framing.
      kContent,  // `content` is the next piece of the sample.
      kEnd,      // The sample is complete; what follows is not its.
      kTooLong,  // The chunk announced next exceeds the limit.
    };
    State state = State::kMore;
    size_t consumed = 0;  // Of the input, content included.
    Bytes content;        // Within the input.
  };

  // Takes the next step over what arrived. kEnd and kTooLong are final.
  Step Read(Bytes input);

 private:
  uint64_t left_;       // Of the limit.
  uint32_t chunk_ = 0;  // Bytes of the current chunk still to come.
  std::array<uint8_t, 4> length_{};
  size_t length_bytes_ = 0;
};

}  // namespace vitrine::doorman
