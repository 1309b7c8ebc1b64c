// SPDX-License-Identifier: Apache-2.0
#include "sandbox/sandboxee.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/system_error.h"
#include "sandbox/limits.h"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

namespace vitrine::sandbox {
namespace {

using std::chrono::milliseconds;

Outcome FromWait(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) {
    return {Outcome::Kind::kExited, info.si_status};
  }
  if (info.si_status == SIGSYS) {
    return {Outcome::Kind::kViolation, info.si_status};
  }
  return {Outcome::Kind::kSignaled, info.si_status};
}

}  // namespace

std::string Describe(const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::kExited:
      return "exited with " + std::to_string(outcome.number);
    case Outcome::Kind::kViolation:
      return "broke the policy";
    case Outcome::Kind::kUnknown:
      return "ended";
    case Outcome::Kind::kSignaled:
      break;
  }
  const char* const name = sigabbrev_np(outcome.number);
  return "killed by SIG" +
         (name != nullptr ? name : std::to_string(outcome.number));
}

Sandboxee::Sandboxee(pid_t pid, UniqueFd pidfd, CageReport report)
    : pid_(pid), pidfd_(std::move(pidfd)), report_(std::move(report)) {}

Sandboxee& Sandboxee::operator=(Sandboxee&& other) noexcept {
  if (this == &other) return *this;
  KillAndReap();
  pid_ = other.pid_;
  pidfd_ = std::move(other.pidfd_);
  report_ = std::move(other.report_);
  reaped_ = other.reaped_;
  outcome_ = other.outcome_;
  return *this;
}

Sandboxee::~Sandboxee() { KillAndReap(); }

void Sandboxee::KillAndReap() {
  if (!pidfd_ || reaped_) return;
  Kill();
  (void)Wait(std::chrono::duration_cast<milliseconds>(kReapTimeout));
}

void Sandboxee::Kill() {
  if (!pidfd_ || reaped_) return;
  // By pidfd: a number could belong to somebody else by now.
  syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGKILL, nullptr, 0);
}

Result<Outcome> Sandboxee::Wait(milliseconds timeout) {
  if (reaped_) return outcome_;
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  pollfd ended = {pidfd_.get(), POLLIN, 0};
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(
        deadline - std::chrono::steady_clock::now());
    const int ready =
        poll(&ended, 1, static_cast<int>(std::max<int64_t>(left.count(), 0)));
    if (ready > 0) break;
    if (ready == 0) return Error{Code::kDeadline, "still running"};
    if (errno != EINTR) return SystemError("poll", errno);
  }
  siginfo_t info = {};
  // __WALL: until it has executed its program it is a child without a signal.
  while (waitid(static_cast<idtype_t>(P_PIDFD), static_cast<id_t>(pidfd_.get()),
                &info, WEXITED | __WALL) != 0) {
    if (errno == ECHILD) {
      reaped_ = true;
      outcome_ = {Outcome::Kind::kUnknown, 0};
      return outcome_;
    }
    if (errno != EINTR) return SystemError("waitid", errno);
  }
  reaped_ = true;
  outcome_ = FromWait(info);
  return outcome_;
}

}  // namespace vitrine::sandbox
