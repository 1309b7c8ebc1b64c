// SPDX-License-Identifier: Apache-2.0
#include "guard/supervisor_watch.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/system_error.h"
#include "guard/supervisor.h"

namespace vitrine::guard {
namespace {

constexpr const char* kOwnProgram = "/proc/self/exe";

// A number may belong to somebody else by now.
bool RunsOurProgram(pid_t pid) {
  struct stat ours;
  struct stat theirs;
  return stat(kOwnProgram, &ours) == 0 &&
         stat(("/proc/" + std::to_string(pid) + "/exe").c_str(), &theirs) ==
             0 &&
         ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

}  // namespace

SupervisorWatch::SupervisorWatch(SharedState& state,
                                 std::vector<std::string> arguments)
    : state_(state), arguments_(std::move(arguments)) {
  state_.guard = getpid();
  (void)Watch(state_.supervisor);
}

Status SupervisorWatch::Watch(pid_t supervisor) {
  end_.Reset(static_cast<int>(syscall(SYS_pidfd_open, supervisor, 0)));
  if (!end_ || !RunsOurProgram(supervisor)) {
    end_.Reset();
    return Unavailable("no supervisor");
  }
  watched_ = supervisor;
  return Ok();
}

Status SupervisorWatch::Renew() {
  // A stand-in that died is our child.
  (void)waitpid(watched_, nullptr, WNOHANG);
  const pid_t now = state_.supervisor;
  if (now != watched_ && Watch(now).ok()) return Ok();
  return StartStandIn();
}

Status SupervisorWatch::StartStandIn() {
  // Made before the fork: behind it nothing may be allocated.
  std::vector<char*> arguments;
  arguments.reserve(arguments_.size() + 1);
  for (std::string& argument : arguments_) {
    arguments.push_back(argument.data());
  }
  arguments.push_back(nullptr);
  end_.Reset();
  const pid_t child = fork();
  if (child < 0) return Unavailable("fork");
  if (child == 0) {
    for (const int file : {kPermissionFd, kNoticeFd, kSharedFd}) {
      fcntl(file, F_SETFD, 0);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    execv(kOwnProgram, arguments.data());
    _exit(127);
  }
  state_.supervisor = child;
  state_.stand_in = 1;
  watched_ = child;
  end_.Reset(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
  return Ok();
}

}  // namespace vitrine::guard
