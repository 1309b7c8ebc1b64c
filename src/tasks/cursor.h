// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "model/scan_report.h"
#include "tasks/plan.h"
#include "tasks/target.h"

namespace vitrine::tasks {

// What a run has done so far.
struct Counts {
  uint64_t scanned = 0;  // By a scanner.
  uint64_t known = 0;    // Clean by the cache, not opened.
  uint64_t bytes = 0;    // Of scanned samples.
  uint64_t found = 0;
  uint64_t limited = 0;
  uint64_t errors = 0;
  uint64_t skipped = 0;
  bool operator==(const Counts&) const = default;
};

// As reports and status have them, each by its name.
using NamedCounts = std::array<std::pair<const char*, uint64_t>, 7>;
NamedCounts NamesOf(const Counts& counts);

// The worst of what was met: found, error, limited, clean.
Verdict VerdictOf(const Counts& counts);

// How far a run has come: everything before `position` in target number
// `target`, and in all targets before it, is dealt with. Written to disk while
// it goes on, so that another life of the program goes on from there.
struct Cursor {
  int64_t started = 0;  // Seconds since 1970; also the run's name.
  int64_t active = 0;   // Seconds that it was at work.
  Cause cause = Cause::kAsked;
  bool paused = false;               // By a person: it waits to be resumed.
  crypto::Sha256Digest config = {};  // Of what the task looks at.
  std::string boot;  // Id of the machine's start, where positions need it.
  std::vector<Target> targets;
  uint64_t target = 0;
  std::string position;
  Counts counts;
  uint64_t log_size = 0;  // Of the run's log, which `counts` includes.
  bool operator==(const Cursor&) const = default;
};

// What is told of a run while it goes on.
struct Progress {
  int64_t started = 0;
  int64_t active = 0;
  Cause cause = Cause::kAsked;
  uint64_t target = 0;
  uint64_t targets = 0;
  Counts counts;
};
Progress ProgressOf(const Cursor& cursor);

ByteVector Encode(const Cursor& cursor);
// kInvalid for anything that Encode() does not write, damage included.
Result<Cursor> DecodeCursor(Bytes bytes);

// A run that has ended.
struct RunSummary {
  enum class End : uint8_t { kCompleted, kStopped };
  int64_t started = 0;
  int64_t ended = 0;
  int64_t active = 0;
  Cause cause = Cause::kAsked;
  End end = End::kCompleted;
  Counts counts;
  bool operator==(const RunSummary&) const = default;
};
const char* EndWord(RunSummary::End end);

// What is kept of a task between runs.
struct TaskRecord {
  PlanState plan;
  uint64_t runs = 0;  // That have ended.
  std::optional<RunSummary> last;
  bool operator==(const TaskRecord&) const = default;
};

ByteVector Encode(const TaskRecord& record);
Result<TaskRecord> DecodeTaskRecord(Bytes bytes);

}  // namespace vitrine::tasks
