// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <vector>

#include "config/config.h"

namespace vitrine::tasks {

// How long to wait so that a share of processor time is kept. What was not used
// is not saved up for later beyond kPaceCredit. Pure; thread-compatible.
class Pace {
 public:
  using Duration = std::chrono::nanoseconds;

  // `percent` of one processor; 0: no bound.
  explicit Pace(unsigned percent) : percent_(percent) {}

  // `used` of a processor and `passed` by the clock since the last call.
  Duration PauseAfter(Duration used, Duration passed);

 private:
  const unsigned percent_;
  Duration debt_{0};  // Time of the clock still to be waited; negative: saved.
};

// Puts the calling thread, and what it starts from then on, behind the rest of
// the machine: nice, batch scheduling, I/O class.
void StepBack(const config::TaskConfig& task);

// Processor time of this process and of others, since the last call. What ended
// in between is lost. Thread-compatible.
class UsedTime {
 public:
  std::chrono::nanoseconds Since(const std::vector<pid_t>& others);

 private:
  std::map<pid_t, std::chrono::nanoseconds> last_;
};

}  // namespace vitrine::tasks
