// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

namespace vitrine {

// fstat(2) as a system call of its own: 0, or -1 with errno. The library's
// fstat() is newfstatat() with an empty path, which a cage forbids, for a
// filter cannot see that the path is empty.
int FileStatus(int descriptor, struct stat& status);

// What stands where a file should, for people: "a pipe".
const char* SpecialKind(mode_t mode);

}  // namespace vitrine
