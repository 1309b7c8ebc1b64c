// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "mounts/mount_table.h"

namespace vitrine::tasks {

// The mounts of this process's namespace.
Result<std::vector<mounts::Mount>> ReadMounts();

// The same by the numbers that the kernel gives files (stx_mnt_id): read anew
// when one is asked for that is not there. Thread-compatible.
class MountsById {
 public:
  // Null for one that is not of our namespace. Until the next call.
  const mounts::Mount* Find(uint64_t id);
  // Whether clean files on it can be remembered: its type keeps times, and it
  // is no medium. Not of one that is not known.
  bool KeepsTimes(uint64_t id);

 private:
  struct Known {
    mounts::Mount mount;
    bool keeps_times = false;
  };
  const Known* Look(uint64_t id);

  std::unordered_map<uint64_t, Known> known_;
};

}  // namespace vitrine::tasks
