// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

#include "base/deadline.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "config/config.h"
#include "guard/limits.h"

namespace vitrine::guard {

// What supervisor and guard know together: memory that both map. The guard
// writes, the supervisor reads and believes only numbers in range.
//
// Questions are named by their descriptor's number, in the table as in the
// kernel; the slot of a number holds the deadline of the question, 0 for none.
struct SharedState {
  // Loops that must turn: each writes the time at every turn.
  enum Loop : uint8_t { kReader, kMounts, kLoops };

  std::atomic<int64_t> beats[kLoops];  // Steady clock, ns; 0: not begun.
  std::atomic<int64_t> deadlines[kDescriptorsMax];
  std::atomic<uint32_t> deadline_ms;   // As configured.
  std::atomic<uint32_t> deny_without;  // What dead guards' openers get.
  std::atomic<uint32_t> ready;         // Questions are taken.
  std::atomic<uint64_t> restarts;      // Written by the supervisor.
  std::atomic<uint64_t> answered_for;  // Questions that it answered.
  std::atomic<uint64_t> read_below;    // Descriptors are below this.

  // Who supervises, and whether the guard itself started that one, in place of
  // one that was killed. Another process that writes itself here takes over.
  std::atomic<int32_t> supervisor;
  std::atomic<uint32_t> stand_in;
  std::atomic<int32_t> guard;
  // It ends because it was told to; nobody is to be started in its place.
  std::atomic<uint32_t> stopping;
};
static_assert(std::atomic<int64_t>::is_always_lock_free);

// A mapping of it. The memory has no name and goes with the last process.
class SharedMemory {
 public:
  static Result<SharedMemory> Create();
  static Result<SharedMemory> Adopt(UniqueFd descriptor);

  SharedMemory(SharedMemory&&) noexcept;
  SharedMemory& operator=(SharedMemory&&) = delete;
  ~SharedMemory();

  int descriptor() const { return descriptor_.get(); }
  SharedState& state() { return *state_; }

 private:
  SharedMemory(UniqueFd descriptor, SharedState* state)
      : descriptor_(std::move(descriptor)), state_(state) {}

  UniqueFd descriptor_;
  SharedState* state_;
};

int64_t SteadyNow();
int64_t Nanoseconds(Deadline deadline);

}  // namespace vitrine::guard
