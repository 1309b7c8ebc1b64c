// SPDX-License-Identifier: Apache-2.0
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "sandbox/layers.h"
#include "sandbox/system_error.h"

namespace vitrine::sandbox {
namespace {

// A folder that every system with a C library has; hidden by the new root for
// the moment in which that is no root yet.
constexpr const char* kMountPoint = "/usr";

constexpr unsigned long kMountFlags =
    MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
// Readable by all: whoever has no mapped owner is "others" everywhere.
constexpr const char* kMountOptions = "size=4096,nr_inodes=2,mode=0555";

}  // namespace

Status EnterEmptyRoot(CageReport& report) {
  // What we do here must not be seen outside.
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    report.Set(Layer::kRoot, State::kAbsent, ErrorText("mount", errno));
    return Ok();
  }
  if (mount("cage", kMountPoint, "tmpfs", kMountFlags, kMountOptions) != 0) {
    report.Set(Layer::kRoot, State::kAbsent, ErrorText("mount tmpfs", errno));
    return Ok();
  }
  // From here on, a step that fails leaves a state that nobody asked for.
  if (chdir(kMountPoint) != 0) return SystemError("chdir", errno);
  if (syscall(SYS_pivot_root, ".", ".") != 0) {
    return SystemError("pivot_root", errno);
  }
  // The old root lies on top of the new one now.
  if (umount2(".", MNT_DETACH) != 0) return SystemError("umount", errno);
  if (chdir("/") != 0) return SystemError("chdir", errno);
  report.Set(Layer::kRoot, State::kFull);
  return Ok();
}

}  // namespace vitrine::sandbox
