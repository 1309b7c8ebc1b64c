// SPDX-License-Identifier: Apache-2.0
#include "base/own_program.h"

#include <unistd.h>

#include <climits>

namespace vitrine {

std::string OwnProgram() {
  char path[PATH_MAX];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof path);
  // A path that fills the buffer may have been cut.
  if (size <= 0 || size == sizeof path) return {};
  return std::string(path, static_cast<size_t>(size));
}

std::string OwnFolder() {
  const std::string program = OwnProgram();
  return program.substr(0, program.rfind('/'));
}

}  // namespace vitrine
