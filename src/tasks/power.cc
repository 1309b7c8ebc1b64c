// SPDX-License-Identifier: Apache-2.0
#include "tasks/power.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "base/system_error.h"

namespace vitrine::tasks {
namespace {

constexpr int kKept[] = {
    CAP_DAC_READ_SEARCH,  // To open what is to be scanned.
    CAP_LEASE,            // To see whether it has a writer.
    CAP_SYS_PTRACE,       // To read the memory of processes.
    CAP_SYS_ADMIN,        // Their map_files; namespaces of the cages.
    CAP_DAC_OVERRIDE,     // To take a found file out of its folder,
    CAP_FOWNER,           // out of a sticky one, and keep atime as it is.
    CAP_CHOWN,            // Of what is given back.
    CAP_SETUID,           // To make scanners somebody else.
    CAP_SETGID,
    CAP_SETPCAP,
    CAP_SYS_CHROOT,
    CAP_KILL,  // To end scanners.
    CAP_SYS_RESOURCE,
    CAP_SYS_NICE,
};

bool IsKept(int capability) {
  return std::find(std::begin(kKept), std::end(kKept), capability) !=
         std::end(kKept);
}

}  // namespace

Status DropPower() {
  if (geteuid() != 0) return Ok();
  for (int i = 0; i <= CAP_LAST_CAP; ++i) {
    // EINVAL: a capability that this kernel does not know.
    if (!IsKept(i) && prctl(PR_CAPBSET_DROP, i, 0, 0, 0) != 0 &&
        errno != EINVAL && errno != EPERM) {
      return SystemError("giving up capabilities", errno);
    }
  }
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct held[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capget, &header, held) != 0) {
    return SystemError("reading capabilities", errno);
  }
  for (int i = 0; i < 32 * _LINUX_CAPABILITY_U32S_3; ++i) {
    if (IsKept(i)) continue;
    const uint32_t others = ~(uint32_t{1} << (i % 32));
    held[i / 32].effective &= others;
    held[i / 32].permitted &= others;
    held[i / 32].inheritable = 0;
  }
  if (syscall(SYS_capset, &header, held) != 0) {
    return SystemError("giving up capabilities", errno);
  }
  return Ok();
}

}  // namespace vitrine::tasks
