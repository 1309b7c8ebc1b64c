// SPDX-License-Identifier: Apache-2.0
#include "sandbox/cgroup.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/unique_fd.h"
#include "sandbox/system_error.h"

namespace vitrine::sandbox {

Result<Cgroup> Cgroup::Create(const std::string&, const CgroupLimits&) {
  return Error{Code::kUnavailable, "no cgroup"};
}

Cgroup::~Cgroup() {
  for (const std::string& folder : folders_) rmdir(folder.c_str());
}

Status Cgroup::Add(pid_t pid) const {
  const std::string text = std::to_string(pid);
  for (const std::string& folder : folders_) {
    const std::string path = folder + "/cgroup.procs";
    const UniqueFd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file || write(file.get(), text.data(), text.size()) < 0) {
      return SystemError(path.c_str(), errno);
    }
  }
  return Ok();
}

}  // namespace vitrine::sandbox
