// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "tasks/cursor.h"

namespace vitrine::tasks {

// What the tasker says about one task. Holds no path that was looked at:
// everybody may ask.
struct TaskStatus {
  std::string name;
  config::TaskType type = config::TaskType::kFull;
  std::string state;  // "idle", "queued", "running", "paused", "waiting"
  std::string error;  // Of "waiting": why it cannot go on.
  std::optional<int64_t> next;       // Seconds since 1970.
  std::optional<Progress> progress;  // Of a run that has not ended.
  uint64_t runs = 0;
  std::optional<RunSummary> last;
};

// One JSON object, and lines for people; both end in a newline. `problem`: what
// is wrong with the tasker as a whole; empty if nothing.
std::string StatusJson(const std::vector<TaskStatus>& tasks,
                       const std::string& problem);
std::string StatusText(const std::vector<TaskStatus>& tasks,
                       const std::string& problem);

}  // namespace vitrine::tasks
