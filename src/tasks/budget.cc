// SPDX-License-Identifier: Apache-2.0
#include "tasks/budget.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "tasks/limits.h"

namespace vitrine::tasks {
namespace {

// ioprio_set(2); the headers have no names for it.
constexpr int kIoWhoProcess = 1;
constexpr int kIoClassShift = 13;
constexpr int kIoBestEffort = 2;
constexpr int kIoIdle = 3;
constexpr int kIoLowest = 7;

std::chrono::nanoseconds Read(clockid_t clock) {
  timespec time;
  if (clock_gettime(clock, &time) != 0) return std::chrono::nanoseconds(0);
  return std::chrono::seconds(time.tv_sec) +
         std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

Pace::Duration Pace::PauseAfter(Duration used, Duration passed) {
  if (percent_ == 0) return Duration(0);
  debt_ += used * 100 / percent_ - passed;
  debt_ = std::max(debt_, -Duration(kPaceCredit));
  return std::clamp(debt_, Duration(0), Duration(kPacePauseMax));
}

void StepBack(const config::TaskConfig& task) {
  // Of this thread alone, and inherited: Linux keeps both by thread.
  (void)setpriority(PRIO_PROCESS, 0, task.nice);
  const sched_param none = {};
  (void)sched_setscheduler(0, SCHED_BATCH, &none);
  int io = 0;
  if (task.io == config::IoClass::kBestEffort) {
    io = kIoBestEffort << kIoClassShift | kIoLowest;
  }
  if (task.io == config::IoClass::kIdle) io = kIoIdle << kIoClassShift;
  if (io != 0) (void)syscall(SYS_ioprio_set, kIoWhoProcess, 0, io);
}

std::chrono::nanoseconds UsedTime::Since(const std::vector<pid_t>& others) {
  std::map<pid_t, std::chrono::nanoseconds> now;
  now[0] = Read(CLOCK_PROCESS_CPUTIME_ID);
  for (const pid_t pid : others) {
    clockid_t clock;
    if (clock_getcpuclockid(pid, &clock) == 0) now[pid] = Read(clock);
  }
  std::chrono::nanoseconds used{0};
  for (const auto& [pid, time] : now) {
    const auto before = last_.find(pid);
    // One that is new has used all that it has.
    used += before == last_.end() ? (pid == 0 ? time * 0 : time)
                                  : std::max(time - before->second, time * 0);
  }
  last_ = std::move(now);
  return used;
}

}  // namespace vitrine::tasks
