// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vitrine::mounts {

// One line of /proc/PID/mountinfo, as far as it is needed; proc(5).
struct Mount {
  uint64_t id = 0;
  std::string device;  // "MAJOR:MINOR" of the file system.
  std::string root;    // The part of it that is mounted: "/" is all.
  std::string point;   // Where, in its namespace; escapes undone.
  std::string type;    // "ext4"
  std::string source;  // "/dev/sda1"; whoever mounted it chose the words.
  bool operator==(const Mount&) const = default;
};

// All mounts of a table. The kernel writes it, but its names are anybody's: a
// line that is not as proc(5) says is left out and counted in `odd`. kLimit
// above kMountsMax.
Result<std::vector<Mount>> ParseMounts(std::string_view table, size_t& odd);

// What the guard does with a type of file system.
struct FilesystemRule {
  const char* type;
  bool watched;
  const char* why_not;  // A stable sentence for the status; null if watched.
};
// Types that are not in the table are not watched ("unknown type").
const FilesystemRule& RuleOf(std::string_view type);

}  // namespace vitrine::mounts
