// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

namespace vitrine::quarantine {

// The steps of taking a file, each one a state that a crash can leave behind;
// the order is docs/spec/quarantine.md's.
enum class Step : uint8_t {
  kPartMade,       // ID.part is there, empty.
  kChunkWritten,   // ... with its first chunk.
  kCopied,         // ... whole, not synced.
  kSynced,         // ... and synced.
  kPending,        // It is called ID.pending.
  kPendingSynced,  // ... and so it will be after a power cut.
  kPrivateMade,    // The private folder is there.
  kMovedAside,     // The original lies in it.
  kRemoved,        // The original is gone.
  kPrivateGone,    // The private folder is gone.
  kOriginalGone,   // ... and so it will be after a power cut.
  kTaken,          // It is called ID.vq.
};
inline constexpr int kSteps = 12;

// Called after each step; for tests that end the process there. May be empty.
using StepHook = std::function<void(Step)>;

inline void Reached(const StepHook& hook, Step step) {
  if (hook) hook(step);
}

}  // namespace vitrine::quarantine
