// SPDX-License-Identifier: Apache-2.0
#include "doorman/chunk_reader.h"

#include <algorithm>

namespace vitrine::doorman {

ChunkReader::Step ChunkReader::Read(Bytes input) {
  Step step;
  if (chunk_ == 0) {
    while (length_bytes_ < length_.size() && step.consumed < input.size()) {
      length_[length_bytes_++] = input[step.consumed++];
    }
    if (length_bytes_ < length_.size()) return step;
    length_bytes_ = 0;
    for (const uint8_t byte : length_) chunk_ = chunk_ << 8 | byte;
    if (chunk_ == 0) {
      step.state = Step::State::kEnd;
      return step;
    }
    if (chunk_ > left_) {
      step.state = Step::State::kTooLong;
      return step;
    }
    left_ -= chunk_;
  }
  if (step.consumed == input.size()) return step;
  const size_t size = std::min<size_t>(chunk_, input.size() - step.consumed);
  step.state = Step::State::kContent;
  step.content = input.subspan(step.consumed, size);
  step.consumed += size;
  chunk_ -= static_cast<uint32_t>(size);
  return step;
}

}  // namespace vitrine::doorman
