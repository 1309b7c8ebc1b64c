// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "sandbox/cgroup.h"

namespace vitrine::scan {

// What scanners may use. 0: no bound.
struct Bounds {
  // Bytes of its own memory that one scanner may have, by a resource limit;
  // where there is a cgroup, all of them together also no more than that many
  // times this. Samples and databases that are mapped do not count.
  uint64_t memory = 0;
  // Of one processor, for all of them together; needs the cgroup.
  unsigned cpu_percent = 0;
  // Name of the cgroup, which is made if it can be. Empty: none is.
  std::string group;
};

// The cgroup for that many scanners. kUnavailable: there is to be none, or
// none can be had, and why.
Result<sandbox::Cgroup> MakeCgroup(const Bounds& bounds, unsigned scanners);

}  // namespace vitrine::scan
