// SPDX-License-Identifier: Apache-2.0
#include "guard/openers.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

namespace vitrine::guard {
namespace {

std::string ReadLink(const std::string& link) {
  char buffer[PATH_MAX];
  const ssize_t size = readlink(link.c_str(), buffer, sizeof buffer);
  return size > 0 ? std::string(buffer, static_cast<size_t>(size)) : "";
}

// Whether the process of a pidfd has not ended.
bool IsAlive(int process) {
  pollfd wait = {process, POLLIN, 0};
  return poll(&wait, 1, 0) == 0;
}

}  // namespace

bool SystemOpeners::IsOurs(pid_t pid) const {
  if (pid == guard_ || pid == supervisor_) return true;
  if (pid <= 0 || session_ <= 0) return false;
  const pid_t session = getsid(pid);
  if (session == session_) return true;
  if (session <= 0 || session != tasker_session_.load()) return false;
  std::shared_ptr<const Tasker> tasker;
  {
    const std::lock_guard lock(mutex_);
    tasker = tasker_;
  }
  // Asked after the session was read: a leader that lives now lived then.
  return tasker != nullptr && tasker->session == session &&
         IsAlive(tasker->leader.get());
}

Status SystemOpeners::AdmitTasker(pid_t peer, const std::string& program) {
  auto tasker = std::make_shared<Tasker>();
  tasker->session = peer;
  tasker->leader.Reset(static_cast<int>(syscall(SYS_pidfd_open, peer, 0)));
  struct stat ours;
  struct stat theirs;
  const std::string link = "/proc/" + std::to_string(peer) + "/exe";
  const bool same = tasker->leader && stat(program.c_str(), &ours) == 0 &&
                    stat(link.c_str(), &theirs) == 0 &&
                    ours.st_dev == theirs.st_dev &&
                    ours.st_ino == theirs.st_ino;
  // By the pidfd: what was looked at above was this process and no later one.
  if (!same || getsid(peer) != peer || !IsAlive(tasker->leader.get())) {
    return Error{Code::kDenied, "only vitrine-tasker may ask for this"};
  }
  const std::lock_guard lock(mutex_);
  tasker_ = std::move(tasker);
  tasker_session_ = peer;
  return Ok();
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

bool SystemOpeners::IsOwnFile(int descriptor, const std::string& path) const {
  const bool named = std::any_of(
      own_folders_.begin(), own_folders_.end(), [&](const auto& folder) {
        return path.size() > folder.size() && path.starts_with(folder) &&
               path[folder.size()] == '/';
      });
  // A container may have a file of the same path: it must be this one here.
  struct stat file;
  struct stat here;
  return named && fstat(descriptor, &file) == 0 &&
         lstat(path.c_str(), &here) == 0 && file.st_dev == here.st_dev &&
         file.st_ino == here.st_ino;
}

}  // namespace vitrine::guard
