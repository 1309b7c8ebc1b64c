// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "base/deadline.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "model/scan_report.h"

namespace vitrine::doorman {

// All that the doorman asks of those who scan: it parses no sample itself.
// Thread-safe.
class Scanning {
 public:
  struct Request {
    Deadline deadline;                    // When the answer is there.
    std::chrono::milliseconds scan_time;  // By the scanner alone.
    bool all_match = false;
    std::string name;  // What rules see; may be empty.
  };
  struct State {
    unsigned scanners = 0;
    unsigned busy = 0;
    uint64_t database = 0;  // Number of the newest; counts up.
    uint64_t database_bytes = 0;
    uint64_t start_failures = 0;
  };

  // A report, and the number of the database that it is by.
  using Done = std::function<void(ScanReport, uint64_t)>;

  virtual ~Scanning() = default;

  // `done` is called exactly once, on any thread, not within Submit(), and
  // must not block.
  virtual void Submit(UniqueFd sample, Request request, Done done) = 0;

  // Changes over to the newest database without a pause. `done` as above; after
  // an error the old database goes on.
  virtual void Reload(std::function<void(Status)> done) = 0;

  virtual State state() const = 0;
};

}  // namespace vitrine::doorman
