// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace vitrine {

// A point in monotonic time after which nobody waits for the answer.
struct Deadline {
  using Clock = std::chrono::steady_clock;

  Clock::time_point at = Clock::time_point::max();

  static Deadline Never() { return {}; }
  static Deadline After(std::chrono::milliseconds left) {
    return {Clock::now() + left};
  }
  bool Passed() const {
    return at != Clock::time_point::max() && Clock::now() >= at;
  }
};

}  // namespace vitrine
