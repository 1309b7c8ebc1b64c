// SPDX-License-Identifier: Apache-2.0
#include "tasks/power.h"

#include <linux/capability.h>
#include <unistd.h>

#include "sandbox/layers.h"

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

}  // namespace

Status DropPower() {
  if (geteuid() != 0) return Ok();
  // Without the right to it stays, as in a container: what may come back then
  // is what its maker left.
  (void)sandbox::LimitBoundingSet(kKept);
  return sandbox::DropCapabilities(kKept);
}

}  // namespace vitrine::tasks
