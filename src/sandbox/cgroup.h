// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace vitrine::sandbox {

// What all processes of one cgroup may use together. 0: no bound.
struct CgroupLimits {
  uint64_t memory = 0;       // Bytes; beyond, the kernel kills one of them.
  unsigned cpu_percent = 0;  // Of one CPU: 200 is two of them.
  unsigned processes = 0;
};

// A group of processes that the kernel bounds together, best effort: version 2
// where its controllers can be had, version 1 else. Needs root or a delegated
// group. Thread-compatible; the destructor removes the groups, which must be
// empty by then.
class Cgroup {
 public:
  // Below the caller's own group, or where that cannot hold groups with bounds
  // because it holds processes, at the top; called `name`. One that is there
  // already, from a run that was killed, is used. kUnavailable: none of the
  // bounds can be had here.
  static Result<Cgroup> Create(const std::string& name,
                               const CgroupLimits& limits);
  Cgroup(Cgroup&& other) noexcept
      : folders_(std::move(other.folders_)),
        missing_(std::move(other.missing_)) {
    other.folders_.clear();
  }
  Cgroup& operator=(Cgroup&&) = delete;
  ~Cgroup();

  // Moves a process in. Async-signal-unsafe; called by Launch().
  Status Add(pid_t pid) const;

  // Which bounds that were asked for could not be had: "cpu, pids", or empty.
  const std::string& missing() const { return missing_; }

 private:
  Cgroup() = default;

  std::vector<std::string> folders_;
  std::string missing_;
};

}  // namespace vitrine::sandbox
