// SPDX-License-Identifier: Apache-2.0
#include "guard/openers.h"

#include <fcntl.h>
#include <unistd.h>

#include <climits>

namespace vitrine::guard {
namespace {

std::string ReadLink(const std::string& link) {
  char buffer[PATH_MAX];
  const ssize_t size = readlink(link.c_str(), buffer, sizeof buffer);
  return size > 0 ? std::string(buffer, static_cast<size_t>(size)) : "";
}

}  // namespace

bool SystemOpeners::IsOurs(pid_t pid) const {
  if (pid == guard_ || pid == supervisor_) return true;
  return pid > 0 && session_ > 0 && getsid(pid) == session_;
}

std::string SystemOpeners::Program(pid_t pid) const {
  return ReadLink("/proc/" + std::to_string(pid) + "/exe");
}

UniqueFd SystemOpeners::ForeignRoot(pid_t pid) const {
  const std::string process = "/proc/" + std::to_string(pid);
  const std::string space = ReadLink(process + "/ns/mnt");
  if (space.empty() || space == ReadLink("/proc/self/ns/mnt")) return {};
  return UniqueFd(open((process + "/root").c_str(), O_PATH | O_CLOEXEC));
}

std::string SystemOpeners::PathOf(int descriptor) const {
  return ReadLink("/proc/self/fd/" + std::to_string(descriptor));
}

}  // namespace vitrine::guard
