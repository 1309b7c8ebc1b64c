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

std::string FindOurProgram(const std::string& name) {
  return FindOurProgram(OwnFolder(), name);
}

std::string FindOurProgram(const std::string& folder, const std::string& name) {
  for (const char* place :
       {"/", "/../libexec/vitrine/", "/../bin/", "/../sbin/"}) {
    std::string path = folder + place + name;
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return folder + "/" + name;
}

}  // namespace vitrine
