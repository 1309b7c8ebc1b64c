// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "mounts/mount_table.h"

namespace vitrine::tasks {

// A place that a run goes through: a file, or a folder and what lies below it.
// Plain values, kept in the cursor so that a resumed run has the same ones.
struct Target {
  std::string base;  // Full path; no link on the way to it is followed.
  // Where not empty: of what lies below, only names that this mask matches, and
  // what lies below those.
  std::string mask;
  std::string area;       // Why it is one; for the report. Empty: by request.
  bool cross = false;     // Into other mounts that hold files.
  bool required = false;  // Not being there is an error.
  bool operator==(const Target&) const = default;
};

// Whether it stands for the running processes, and not for a folder that a
// person named. Such targets come with `type`.
bool IsProcesses(const Target& target, config::TaskType type);

// Of paths as the configuration has them.
std::vector<Target> TargetsOf(const std::vector<config::Mask>& paths);

// Of a table of mounts: every file system that holds files, once. Where it is
// mounted as a whole that is taken, else each of its parts.
std::vector<Target> TargetsOf(const std::vector<mounts::Mount>& mounts);

// Where programs are that start by themselves: rows of critical_table.cc, those
// of homes for each of `homes`.
std::vector<Target> CriticalTargets(const std::vector<std::string>& homes);

// Homes in a passwd(5), and nobody else's word for it. Lines that are not as
// they should be are left out; at most kHomesMax.
std::vector<std::string> HomesIn(std::string_view passwd);

struct CriticalRow {
  const char* path;  // "~/" is each home; a mask where it has stars.
  const char* area;
};
// All rows.
const std::vector<CriticalRow>& CriticalRows();

}  // namespace vitrine::tasks
