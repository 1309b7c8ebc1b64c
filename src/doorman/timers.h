// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <queue>
#include <utility>
#include <vector>

namespace vitrine::doorman {

using Clock = std::chrono::steady_clock;

// When to look at which connection again. Never told that a time was put off
// or does not matter any more: whoever is woken checks for himself.
class Timers {
 public:
  void Add(Clock::time_point when, uint64_t connection) {
    queue_.emplace(when, connection);
  }
  // The earliest; max() if there is none.
  Clock::time_point first() const {
    return queue_.empty() ? Clock::time_point::max() : queue_.top().first;
  }
  uint64_t Pop() {
    const uint64_t connection = queue_.top().second;
    queue_.pop();
    return connection;
  }
  size_t size() const { return queue_.size(); }
  void Clear() { queue_ = {}; }

 private:
  using Entry = std::pair<Clock::time_point, uint64_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
};

}  // namespace vitrine::doorman
