// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace vitrine::doorman {

// A few threads for what may block: opening paths, reading folders. One that
// hangs takes its thread with it and nothing else. Thread-safe.
class Openers {
 public:
  explicit Openers(unsigned threads);
  ~Openers();  // Waits for what is running; drops what is not.

  // The queue is bounded by those who submit: one task a connection.
  void Run(std::function<void()> task);

 private:
  void Work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;  // Guarded by mutex_.
  bool ending_ = false;                      // Guarded by mutex_.
  std::vector<std::jthread> threads_;
};

}  // namespace vitrine::doorman
