// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/paths.h"
#include "guard/fanotify.h"
#include "guard/shared_state.h"
#include "response/event_sink.h"

namespace vitrine::guard {

using response::EventSink;

// Numbers of the descriptors that a guard inherits from its supervisor.
inline constexpr int kPermissionFd = 10;
inline constexpr int kNoticeFd = 11;
inline constexpr int kSharedFd = 12;

// Starts the guard as a child by exec, and again when it dies, and holds
// duplicates of its fanotify groups meanwhile, so that the kernel does not let
// everything through. Questions the dead guard had read are answered by policy;
// those it had not wait for the new one, for kRestartGrace at most. A guard
// that leaves a question unanswered beyond its deadline, or does not turn its
// loop, is killed: fanotify knows no time-out, and whoever opens a file would
// hang for ever.
//
// When the supervisor is killed, the guard starts another (SupervisorWatch),
// which adopts it; and the program started anew, by a service manager, takes
// over from such a stand-in. So the groups outlive any one process.
//
// One thread; opens no file but its own, which are excluded before any mark.
class Supervisor {
 public:
  struct Options {
    std::string program;                 // "/proc/self/exe"
    std::vector<std::string> arguments;  // Of the guard, its name first.
    std::vector<std::string> excluded;   // Own files and folders.
    EventSink* sink = nullptr;
  };
  // Opens the groups; marks nothing yet.
  static Result<std::unique_ptr<Supervisor>> Create(Options options);
  // For the guard that has started this process: with the descriptors that it
  // left to it.
  static Result<std::unique_ptr<Supervisor>> StandIn(Options options);
  // For the guard that runs with this process number: takes its descriptors.
  // kDenied where that has a supervisor that somebody has started.
  static Result<std::unique_ptr<Supervisor>> TakeOver(Options options,
                                                      pid_t guard);

  // Until it is told to stop (SIGTERM, SIGINT) or a guard ends by itself; the
  // exit status.
  int Run();

 private:
  Supervisor(Options options, std::unique_ptr<Fanotify> permission,
             std::unique_ptr<Fanotify> notice, SharedMemory memory)
      : options_(std::move(options)),
        permission_(std::move(permission)),
        notice_(std::move(notice)),
        memory_(std::move(memory)) {}

  static Result<std::unique_ptr<Supervisor>> Make(
      Options options, std::unique_ptr<Fanotify> permission,
      std::unique_ptr<Fanotify> notice, SharedMemory memory);
  Status Adopt(pid_t guard);
  // Another one has taken over.
  bool Relieved();
  std::optional<int> Ended();
  void Exclude();
  Status StartGuard();
  [[noreturn]] void BecomeGuard();
  // Whether the guard is to be killed.
  bool IsOverdue(int64_t now);
  // Turns until the guard has ended; its wait status. Nothing: relieved.
  std::optional<int> Watch();
  void AnswerForDead();
  void AnswerWaiting();
  void Pause();
  void Tell(const char* reason, const std::string& message);

  const Options options_;
  const std::unique_ptr<Fanotify> permission_;
  const std::unique_ptr<Fanotify> notice_;
  SharedMemory memory_;
  UniqueFd signals_;
  pid_t guard_ = -1;    // -1: none yet.
  UniqueFd guard_end_;  // A pidfd.
  int64_t started_ns_ = 0;
  unsigned short_lives_ = 0;  // One after the other.
  bool stopping_ = false;
  bool hung_ = false;  // We have killed it.
  bool told_ready_ = false;
};

}  // namespace vitrine::guard
