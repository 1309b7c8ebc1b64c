// SPDX-License-Identifier: Apache-2.0
#include "guard/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/notify_service.h"
#include "base/system_error.h"
#include "guard/limits.h"

namespace vitrine::guard {
namespace {

// Nanoseconds of a duration.
template <typename Duration>
constexpr int64_t Ns(Duration duration) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
}

}  // namespace

Result<std::unique_ptr<Supervisor>> Supervisor::Create(Options options) {
  auto permission = TRY(OpenFanotify(Group::kPermission));
  auto notice = TRY(OpenFanotify(Group::kNotice));
  auto memory = TRY(SharedMemory::Create());
  return Make(std::move(options), std::move(permission), std::move(notice),
              std::move(memory));
}

Result<std::unique_ptr<Supervisor>> Supervisor::StandIn(Options options) {
  auto memory = TRY(SharedMemory::Adopt(UniqueFd(kSharedFd)));
  const pid_t guard = memory.state().guard;
  auto supervisor = TRY(Make(
      std::move(options),
      AdoptFanotify(Group::kPermission, UniqueFd(kPermissionFd)),
      AdoptFanotify(Group::kNotice, UniqueFd(kNoticeFd)), std::move(memory)));
  supervisor->memory_.state().stand_in = 1;
  if (getppid() == guard) {
    TRY(supervisor->Adopt(guard));
  } else {
    // It died meanwhile: all there is to hold the groups is here.
    supervisor->AnswerForDead();
  }
  return supervisor;
}

Result<std::unique_ptr<Supervisor>> Supervisor::TakeOver(Options options,
                                                         pid_t guard) {
  const UniqueFd process(static_cast<int>(syscall(SYS_pidfd_open, guard, 0)));
  if (!process) return Unavailable("the guard that runs");
  const auto take = [&](int file) {
    return UniqueFd(
        static_cast<int>(syscall(SYS_pidfd_getfd, process.get(), file, 0)));
  };
  UniqueFd permission = take(kPermissionFd);
  UniqueFd notice = take(kNoticeFd);
  UniqueFd shared = take(kSharedFd);
  if (!permission || !notice || !shared) {
    return Unavailable("the guard that runs");
  }
  auto memory = TRY(SharedMemory::Adopt(std::move(shared)));
  if (memory.state().guard != guard || memory.state().stand_in == 0) {
    return Error{Code::kDenied, "a guard runs already"};
  }
  auto supervisor = TRY(Make(
      std::move(options),
      AdoptFanotify(Group::kPermission, std::move(permission)),
      AdoptFanotify(Group::kNotice, std::move(notice)), std::move(memory)));
  supervisor->memory_.state().stand_in = 0;
  TRY(supervisor->Adopt(guard));
  return supervisor;
}

Status Supervisor::Adopt(pid_t guard) {
  guard_ = guard;
  guard_end_.Reset(static_cast<int>(syscall(SYS_pidfd_open, guard, 0)));
  if (!guard_end_) return Unavailable("pidfd_open");
  started_ns_ = SteadyNow();
  memory_.state().supervisor = getpid();
  return Ok();
}

Result<std::unique_ptr<Supervisor>> Supervisor::Make(
    Options options, std::unique_ptr<Fanotify> permission,
    std::unique_ptr<Fanotify> notice, SharedMemory memory) {
  std::unique_ptr<Supervisor> supervisor(
      new Supervisor(std::move(options), std::move(permission),
                     std::move(notice), std::move(memory)));
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  supervisor->signals_.Reset(
      signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!supervisor->signals_) return Unavailable("signalfd");
  return supervisor;
}

int Supervisor::Run() {
  for (;;) {
    if (guard_ < 0) {
      // Leases went with the dead guard, so its marks must go as well; and our
      // own files must raise no question that nobody is there to answer.
      (void)permission_->ForgetFiles();
      (void)notice_->ForgetFiles();
      Exclude();
      const Status started = StartGuard();
      if (!started.ok()) {
        Tell("start-failed", started.error().message);
        return 2;
      }
    }
    const std::optional<int> status = Watch();
    if (!status) return 0;
    guard_ = -1;
    const bool by_itself = WIFEXITED(*status);
    if (stopping_ || by_itself) {
      NotifyService("STOPPING=1");
      return by_itself ? WEXITSTATUS(*status) : 0;
    }
    AnswerForDead();
    ++memory_.state().restarts;
    Tell(hung_ ? "guard-hung" : "guard-died",
         hung_
             ? "The guard did not answer in time and was ended"
             : "The guard died of signal " + std::to_string(WTERMSIG(*status)));
    const bool short_life = SteadyNow() - started_ns_ < Ns(kShortLife);
    short_lives_ = short_life ? short_lives_ + 1 : 0;
    if (short_lives_ >= kShortLives) Pause();
  }
}

void Supervisor::Exclude() {
  for (const std::string& path : options_.excluded) {
    (void)permission_->Exclude(path);
    (void)notice_->Exclude(path);
  }
}

Status Supervisor::StartGuard() {
  SharedState& state = memory_.state();
  state.ready = 0;
  for (auto& beat : state.beats) beat = 0;
  state.supervisor = getpid();
  guard_ = fork();
  if (guard_ < 0) return Unavailable("fork");
  if (guard_ == 0) BecomeGuard();
  guard_end_.Reset(static_cast<int>(syscall(SYS_pidfd_open, guard_, 0)));
  started_ns_ = SteadyNow();
  return Ok();
}

void Supervisor::BecomeGuard() {
  const std::array<std::pair<int, int>, 3> moves = {
      {{permission_->descriptor(), kPermissionFd},
       {notice_->descriptor(), kNoticeFd},
       {memory_.descriptor(), kSharedFd}}};
  // Out of the way first: a source may lie where a target shall be.
  std::array<int, 3> safe;
  for (size_t i = 0; i < moves.size(); ++i) {
    safe[i] = fcntl(moves[i].first, F_DUPFD_CLOEXEC, 32);
  }
  for (size_t i = 0; i < moves.size(); ++i) dup2(safe[i], moves[i].second);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  std::vector<char*> arguments;
  for (const std::string& argument : options_.arguments) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  execv(options_.program.c_str(), arguments.data());
  _exit(127);
}

bool Supervisor::IsOverdue(int64_t now) {
  SharedState& state = memory_.state();
  if (state.ready == 0) return false;
  for (const auto& slot : state.deadlines) {
    const int64_t deadline = slot.load(std::memory_order_relaxed);
    if (deadline != 0 && now - deadline > Ns(kOverdue)) return true;
  }
  const int64_t beat = state.beats[SharedState::kReader];
  const int64_t patience = int64_t{state.deadline_ms} * 1000000 + Ns(kOverdue);
  return beat != 0 && now - beat > patience;
}

bool Supervisor::Relieved() { return memory_.state().supervisor != getpid(); }

std::optional<int> Supervisor::Ended() {
  int status = 0;
  const pid_t ended = waitpid(guard_, &status, WNOHANG);
  if (ended == guard_) return status;
  if (ended == 0) return std::nullopt;
  // Adopted: how it ended is known to its parent alone, who is gone.
  pollfd end = {guard_end_.get(), POLLIN, 0};
  if (poll(&end, 1, 0) != 1) return std::nullopt;
  return memory_.state().stopping != 0 ? 0 : SIGKILL;
}

std::optional<int> Supervisor::Watch() {
  const bool was_hung = std::exchange(hung_, false);
  for (;;) {
    std::array<pollfd, 2> waits = {
        {{guard_end_.get(), POLLIN, 0}, {signals_.get(), POLLIN, 0}}};
    (void)poll(waits.data(), waits.size(), static_cast<int>(kWatch.count()));
    if (Relieved()) return std::nullopt;
    if (const auto status = Ended()) return status;
    if (waits[1].revents != 0) {
      signalfd_siginfo signal;
      if (read(signals_.get(), &signal, sizeof signal) == sizeof signal) {
        stopping_ = stopping_ || signal.ssi_signo != SIGHUP;
        if (stopping_) memory_.state().stopping = 1;
        kill(guard_, static_cast<int>(signal.ssi_signo));
      }
    }
    const int64_t now = SteadyNow();
    if (memory_.state().ready != 0) {
      if (!std::exchange(told_ready_, true)) NotifyService("READY=1");
    } else if (was_hung || now - started_ns_ > Ns(kRestartGrace)) {
      AnswerWaiting();
    }
    if (IsOverdue(now) && !hung_) {
      hung_ = true;
      kill(guard_, SIGKILL);
    }
  }
}

// The kernel knows a question by the number that its descriptor had in the dead
// guard. A guard that died between reading and noting it down has told nobody
// the number: so all numbers are answered; most of them nobody asked for.
void Supervisor::AnswerForDead() {
  SharedState& state = memory_.state();
  const Access access =
      state.deny_without != 0 ? Access::kDeny : Access::kAllow;
  const auto end =
      static_cast<int>(std::min<uint64_t>(state.read_below, kDescriptorsMax));
  for (int file = 0; file < end; ++file) {
    if (permission_->Answer(file, access).ok()) ++state.answered_for;
    state.deadlines[file] = 0;
  }
  if (hung_) AnswerWaiting();
}

void Supervisor::AnswerWaiting() {
  SharedState& state = memory_.state();
  const Access access =
      state.deny_without != 0 ? Access::kDeny : Access::kAllow;
  std::vector<KernelEvent> events;
  do {
    events.clear();
    if (!permission_->Read(events).ok()) return;
    for (const KernelEvent& event : events) {
      // The new guard opens files before it can answer for itself.
      const bool ours = event.pid == guard_ || event.pid == getpid();
      (void)permission_->Answer(event.descriptor.get(),
                                ours ? Access::kAllow : access);
      ++state.answered_for;
    }
  } while (!events.empty());
}

void Supervisor::Pause() {
  const int64_t until = SteadyNow() + Ns(kRestartPause);
  while (SteadyNow() < until) {
    pollfd wait = {permission_->descriptor(), POLLIN, 0};
    (void)poll(&wait, 1, static_cast<int>(kWatch.count()));
    AnswerWaiting();
  }
}

void Supervisor::Tell(const char* reason, const std::string& message) {
  if (options_.sink == nullptr) return;
  events::Event event = events::Make(events::LifecycleActivity::kRestart);
  event.severity = events::Severity::kHigh;
  event.reason = reason;
  event.message = message;
  options_.sink->Append(event);
}

}  // namespace vitrine::guard
