// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "cli/outcome.h"
#include "cli/walk_options.h"

namespace vitrine::cli {

// A line on stderr that says how far a scan has come: files, MB/s, time left.
// Silent unless stderr is a terminal. Counts what lies ahead in a thread of its
// own, so that the time left is known before the walk has ended. Update() and
// Clear() belong to one thread.
class Progress {
 public:
  Progress(const std::vector<std::string>& paths, const WalkOptions& options);
  ~Progress();

  void Update(const Summary& summary);
  // Before something else is printed to the terminal.
  void Clear();

  // The line for `done` of `total` bytes; for tests. `total` 0: not known yet.
  static std::string Line(const Summary& done, uint64_t files_total,
                          uint64_t bytes_total, double seconds);

 private:
  void Count(std::stop_token stop, const std::vector<std::string>& paths,
             const WalkOptions& options);

  const bool shown_;
  const std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_;
  bool on_screen_ = false;
  std::atomic<uint64_t> files_{0};
  std::atomic<uint64_t> bytes_{0};
  std::atomic<bool> counted_{false};
  std::jthread counter_;
};

}  // namespace vitrine::cli
