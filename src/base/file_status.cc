// SPDX-License-Identifier: Apache-2.0
#include "base/file_status.h"

#include <sys/syscall.h>
#include <unistd.h>

namespace vitrine {

int FileStatus(int descriptor, struct stat& status) {
  return static_cast<int>(syscall(SYS_fstat, descriptor, &status));
}

const char* SpecialKind(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFIFO:
      return "a pipe";
    case S_IFSOCK:
      return "a socket";
    case S_IFCHR:
    case S_IFBLK:
      return "a device";
    default:
      return "not a file";
  }
}

}  // namespace vitrine
