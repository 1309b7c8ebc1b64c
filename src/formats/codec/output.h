// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

#include "base/bytes.h"

namespace vitrine::codec {

// What a decoder has made so far. Grows by doubling up to its limit, never
// zeroes what is going to be written, and serves as the window that matches
// are copied from. Movable, not copyable.
class Output {
 public:
  // At most `limit` bytes will be kept. The buffer may briefly hold one byte
  // more: that is how "exactly full" is told from "there was more".
  explicit Output(uint64_t limit);

  Bytes bytes() const;
  uint64_t size() const { return size_ < limit_ ? size_ : limit_; }
  // More was made than the limit lets through.
  bool overflowed() const { return size_ > limit_; }
  bool out_of_memory() const { return out_of_memory_; }

  // Room for `bytes` in all without moving; a wish, cut at the limit.
  void Reserve(uint64_t bytes);
  // Where the next bytes go: at least one, unless overflowed or out of memory.
  std::span<uint8_t> Space();
  void Commit(uint64_t made) { size_ += made; }

  // All three are false when the limit was passed (or memory ran out); Copy()
  // also when there is no such byte. Before the first byte there are zeros
  // for formats that say so.
  bool Append(uint8_t byte);
  bool Append(Bytes bytes);
  bool Copy(uint64_t distance, uint64_t length, bool zeros_before = false);

 private:
  struct Free {
    void operator()(uint8_t* memory) const { std::free(memory); }
  };

  bool Grow(uint64_t capacity);
  bool Ensure(uint64_t more);

  std::unique_ptr<uint8_t, Free> memory_;
  uint64_t limit_;
  uint64_t capacity_ = 0;
  uint64_t size_ = 0;
  bool out_of_memory_ = false;
};

}  // namespace vitrine::codec
