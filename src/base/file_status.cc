// SPDX-License-Identifier: Apache-2.0
#include "base/file_status.h"

#include <sys/syscall.h>
#include <unistd.h>

namespace vitrine {

int FileStatus(int descriptor, struct stat& status) {
  return static_cast<int>(syscall(SYS_fstat, descriptor, &status));
}

}  // namespace vitrine
