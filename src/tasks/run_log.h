// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "config/config.h"
#include "tasks/cursor.h"
#include "tasks/item.h"

namespace vitrine::tasks {

// One thing that the report of a run lists: whatever is not clean.
struct Finding {
  enum class Kind : uint8_t { kFound, kError, kLimited, kSkipped };
  Kind kind = Kind::kFound;
  std::string path;
  std::string rule;    // Of kFound.
  std::string reason;  // Of the others.
  std::string area;
  uint32_t pid = 0;  // Where it was in a process's memory.
  std::string program;
  std::string range;
};

// What a run has come upon, on disk from the moment on that it is added, so
// that neither a kill nor a file that is taken away loses it: a line a finding,
// ready to be put into either report. A finding that is added again by a run
// that goes on is known. Thread-compatible.
class RunLog {
 public:
  // Goes on with what is there, whose lines beyond `counted` bytes are added to
  // `counts`; begins where there is none. On any other error nothing that was
  // found is lost: the file is as it was.
  static Result<RunLog> Open(const std::string& path, uint64_t counted,
                             Counts& counts);
  static Result<RunLog> Begin(const std::string& path);

  // Adds to `counts` as well, unless it is listed already. Findings of one kind
  // beyond kFindingsMax are counted and not listed. After an error it is as
  // though it had not been added.
  Status Add(const Finding& finding, Counts& counts);
  // On the disk, for a power cut.
  Status Sync() const;
  uint64_t size() const { return size_; }

 private:
  RunLog(std::string path, UniqueFd file)
      : path_(std::move(path)), file_(std::move(file)) {}

  std::string path_;
  UniqueFd file_;
  uint64_t size_ = 0;
  std::unordered_set<uint64_t> lines_;  // Digests of those that are listed.
  uint64_t listed_[4] = {};
};

// What a report says besides its findings.
struct ReportHead {
  std::string task;
  config::TaskType type = config::TaskType::kFull;
  RunSummary run;
};
// "2026-11-28T13:30:00Z".
std::string UtcTime(int64_t seconds);
const char* TypeWord(config::TaskType type);

// The whole report of the run that the log at `log` is of.
struct Report {
  std::string text;
  std::string json;
};
Result<Report> MakeReport(const ReportHead& head, const std::string& log);

// Puts the report into `folder`, as ID.txt and ID.json, and drops all but the
// newest kReportsKept.
Status KeepReport(const std::string& folder, int64_t started,
                  const Report& report);

// The names of the reports in `folder` without their endings, oldest first.
std::vector<std::string> ReportsIn(const std::string& folder);

}  // namespace vitrine::tasks
