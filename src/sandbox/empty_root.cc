// SPDX-License-Identifier: Apache-2.0
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "base/system_error.h"
#include "sandbox/layers.h"

namespace vitrine::sandbox {
namespace {

// Folders of which any system has one, to be hidden by the new root for the
// moment in which that is no root yet.
constexpr const char* kMountPoints[] = {"/usr", "/proc", "/dev", "/tmp"};

constexpr unsigned long kMountFlags =
    MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
// Readable by all: whoever has no mapped owner is "others" everywhere.
constexpr const char* kMountOptions = "size=4096,nr_inodes=2,mode=0555";

// Mounts an empty folder somewhere, and tells where; null and errno.
const char* MountEmptyFolder() {
  for (const char* const point : kMountPoints) {
    if (mount("cage", point, "tmpfs", kMountFlags, kMountOptions) == 0) {
      return point;
    }
    if (errno != ENOENT) return nullptr;
  }
  return nullptr;
}

// From the working folder, the root of a mount, to the root of all.
Status ChangeRoot() {
  if (syscall(SYS_pivot_root, ".", ".") == 0) {
    // The old root lies on top of the new one now.
    if (umount2(".", MNT_DETACH) != 0) return SystemError("umount", errno);
    return Ok();
  }
  if (errno != EINVAL) return SystemError("pivot_root", errno);
  // The first root of all, which a system without disks stays in, can only be
  // covered. What is below is out of reach without CAP_SYS_CHROOT.
  if (mount(".", "/", nullptr, MS_MOVE, nullptr) != 0) {
    return SystemError("mount move", errno);
  }
  if (chroot(".") != 0) return SystemError("chroot", errno);
  return Ok();
}

}  // namespace

Status EnterEmptyRoot(CageReport& report) {
  // What we do here must not be seen outside.
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    report.Set(Layer::kRoot, State::kAbsent, ErrorText("mount", errno));
    return Ok();
  }
  const char* const point = MountEmptyFolder();
  if (point == nullptr) {
    report.Set(Layer::kRoot, State::kAbsent, ErrorText("mount tmpfs", errno));
    return Ok();
  }
  // From here on, a step that fails leaves a state that nobody asked for.
  if (chdir(point) != 0) return SystemError("chdir", errno);
  TRY(ChangeRoot());
  if (chdir("/") != 0) return SystemError("chdir", errno);
  report.Set(Layer::kRoot, State::kFull);
  return Ok();
}

}  // namespace vitrine::sandbox
