// SPDX-License-Identifier: Apache-2.0
#include "scan/bounds.h"

namespace vitrine::scan {

Result<sandbox::Cgroup> MakeCgroup(const Bounds& bounds, unsigned scanners) {
  if (bounds.group.empty()) return Error{Code::kUnavailable, "not asked for"};
  sandbox::CgroupLimits limits;
  limits.memory = bounds.memory * scanners;
  limits.cpu_percent = bounds.cpu_percent;
  return sandbox::Cgroup::Create(bounds.group, limits);
}

}  // namespace vitrine::scan
