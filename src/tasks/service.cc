// SPDX-License-Identifier: Apache-2.0
#include "tasks/service.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <random>

#include "base/atomic_file.h"
#include "base/notify_service.h"
#include "base/own_program.h"
#include "base/system_error.h"
#include "base/wall_clock.h"
#include "config/reader.h"
#include "control/client.h"
#include "tasks/limits.h"
#include "tasks/mounts_by_id.h"
#include "tasks/power.h"
#include "tasks/task_files.h"

namespace vitrine::tasks {
namespace {

int64_t Now() { return UnixNowNs() / 1'000'000'000; }

// A folder a level, a file an item, and both may be many.
void RaiseDescriptorLimit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, kDescriptorsMax);
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

std::string FolderOf(const std::string& program) {
  return program.substr(0, program.rfind('/'));
}

// Whether a task of kRemovable looks at what is mounted there.
bool Wants(const config::TaskConfig& task, const std::string& point) {
  return task.paths.empty() || config::AnyMatches(task.paths, point);
}

// The guard need not ask about what we open to scan it. That there is none is
// no matter.
void TellGuardOfUs(const config::Paths& paths) {
  (void)control::Ask(paths.GuardSocket(), "tasker", "guard", kGuardPatience,
                     kGuardAnswerMax);
}

}  // namespace

int Service::Run() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    sigaddset(&signals, number);
  }
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  (void)signal(SIGPIPE, SIG_IGN);
  // Somebody opens a file for writing in the moment in which we ask whether
  // anybody has it open so.
  (void)signal(SIGIO, SIG_IGN);
  const Status begun = Begin();
  if (!begun.ok()) {
    std::fprintf(stderr, "vitrine-tasker: %s\n", begun.error().message.c_str());
    return 2;
  }
  NotifyService("READY=1");
  Loop();
  NotifyService("STOPPING=1");
  control_.reset();
  run_thread_ = {};  // Asks it to stop, and waits.
  EndRun();
  return 0;
}

Status Service::Begin() {
  // A session of our own, by which the guard knows what is ours.
  (void)setsid();
  RaiseDescriptorLimit();
  // Before there are threads: each has capabilities of its own.
  TRY(DropPower());
  config_ = TRY(config::LoadConfig(paths_, getuid()));
  TRY(MakeTaskFolders(paths_));
  held_ = TRY(HoldTasks(paths_));
  sink_ = TRY(response::SpoolSink::Open(paths_, "tasker"));
  wake_.Reset(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake_) return Unavailable("eventfd");
  auto actions =
      response::QuarantineActions::Start(paths_, config_.quarantine, *sink_);
  if (!actions.ok()) {
    return WithContext(actions.error(), "no quarantine");
  }
  actions_ = std::move(actions).value();
  LoadTasks(config_.tasks);
  LookAtDatabase();
  LookAtMounts();
  LookAtPlans(true);
  control_ = TRY(control::Control::Start(
      paths_.TaskerSocket(), getuid(),
      [this](const std::string& request, pid_t) { return Answer(request); }));
  return Ok();
}

// Keeps what is known of tasks that stay.
void Service::LoadTasks(const std::vector<config::TaskConfig>& configs) {
  std::map<std::string, Task> tasks;
  for (const config::TaskConfig& config : configs) {
    const auto known = tasks_.find(config.name);
    Task task;
    if (known != tasks_.end()) {
      task = std::move(known->second);
      task.config = config;
      if (IsOutdated(task) && !Runs(config.name)) BeginAnew(task);
    } else {
      task.config = config;
      const TaskPlace place = PlaceOf(task);
      (void)mkdir(place.folder.c_str(), 0700);
      task.record = ReadRecord(place);
      task.cursor = ReadCursor(place, config);
    }
    // What another life of the program was at goes on.
    if (task.cursor && !task.cursor->paused && !Runs(config.name) &&
        !task.queued) {
      Queue(task, task.cursor->cause);
    }
    tasks.emplace(config.name, std::move(task));
  }
  // One that runs and is not configured any more is ended, without a report.
  if (!running_.empty() && !tasks.contains(running_)) {
    run_thread_.request_stop();
  }
  std::erase_if(queue_,
                [&](const auto& name) { return !tasks.contains(name); });
  tasks_ = std::move(tasks);
}

void Service::Loop() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    sigaddset(&signals, number);
  }
  const UniqueFd told(signalfd(-1, &signals, SFD_CLOEXEC));
  const UniqueFd mounts(open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC));
  for (;;) {
    pollfd waits[] = {{told.get(), POLLIN, 0},
                      {wake_.get(), POLLIN, 0},
                      {mounts.get(), POLLPRI, 0}};
    (void)poll(waits, std::size(waits), static_cast<int>(kTick.count()));
    if (waits[0].revents != 0) {
      signalfd_siginfo signal;
      if (read(told.get(), &signal, sizeof signal) != sizeof signal) return;
      if (signal.ssi_signo != SIGHUP) return;
      const std::lock_guard lock(mutex_);
      (void)Reload();
    }
    eventfd_t count;
    (void)eventfd_read(wake_.get(), &count);
    if (waits[2].revents != 0) LookAtMounts();
    Tick();
  }
}

void Service::Tick() {
  EndRun();
  LookAtDatabase();
  LookAtPlans(false);
  BeginNext();
  const auto now = Clock::now();
  if (now - told_guard_ >= kTellGuard) TellGuard();
}

// A guard that was started anew has to be told again.
void Service::TellGuard() {
  told_guard_ = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    if (running_.empty()) return;
  }
  TellGuardOfUs(paths_);
}

void Service::LookAtDatabase() {
  struct stat status;
  std::string seen = "none";
  if (stat(paths_.Database().c_str(), &status) == 0) {
    seen = std::to_string(status.st_dev) + " " + std::to_string(status.st_ino) +
           " " + std::to_string(status.st_size) + " " +
           std::to_string(status.st_mtim.tv_sec) + " " +
           std::to_string(status.st_mtim.tv_nsec);
  }
  if (seen == database_seen_) return;
  const auto digest = DigestOfDatabase(paths_);
  if (!digest.ok()) return;
  const std::lock_guard lock(mutex_);
  database_seen_ = seen;
  database_ = digest.value();
}

void Service::LookAtMounts() {
  const auto table = ReadMounts();
  if (!table.ok()) return;
  const auto points = media_.NewIn(table.value());
  if (points.empty()) return;
  const std::lock_guard lock(mutex_);
  for (auto& [name, task] : tasks_) {
    if (task.config.type != config::TaskType::kRemovable) continue;
    for (const std::string& point : points) {
      if (Wants(task.config, point) && task.media.size() < kMediaMax) {
        task.media.push_back(point);
      }
    }
    if (task.media.empty() || task.cursor || task.queued) continue;
    Queue(task, Cause::kMedium);
  }
}

void Service::LookAtPlans(bool startup) {
  std::random_device device;
  const Chance chance = [&](uint64_t below) {
    return std::uniform_int_distribution<uint64_t>(0, below - 1)(device);
  };
  const std::lock_guard lock(mutex_);
  for (auto& [name, task] : tasks_) {
    const PlanState before = task.record.plan;
    const auto cause = Look(task.config, {Now(), startup, database_}, chance,
                            task.record.plan);
    if (before != task.record.plan) Save(task);
    if (!cause) continue;
    if (task.cursor || task.queued) {
      Tell(events::Make(events::ScanActivity::kDelayed), task,
           CauseWord(*cause), "A task is still at its last run");
      continue;
    }
    Queue(task, *cause);
  }
}

void Service::BeginNext() {
  const std::lock_guard lock(mutex_);
  if (!running_.empty()) return;
  for (auto& [name, task] : tasks_) {
    const bool again = !task.error.empty() && Clock::now() >= task.retry_at;
    if (task.cursor && !task.cursor->paused && !task.queued && again) {
      Queue(task, task.cursor->cause);
    }
  }
  while (!queue_.empty() && running_.empty()) {
    const std::string name = queue_.front();
    queue_.pop_front();
    const auto task = tasks_.find(name);
    if (task != tasks_.end() && task->second.queued) {
      BeginRun(name, task->second);
    }
  }
}

void Service::BeginRun(const std::string& name, Task& task) {
  const bool resumed = task.cursor.has_value();
  if (!resumed) {
    (void)unlink(PlaceOf(task).Log().c_str());
    auto cursor = NewCursor(task, *task.queued);
    if (!cursor.ok()) {
      task.queued.reset();
      Tell(events::Make(events::ScanActivity::kError), task, "no-targets",
           cursor.error().message);
      return;
    }
    task.cursor = std::move(cursor).value();
    SaveCursor(task);
  } else if (task.cursor->boot != BootId()) {
    // Processes of before are not those of now.
    const bool processes =
        task.cursor->target < task.cursor->targets.size() &&
        IsProcesses(task.cursor->targets[task.cursor->target],
                    task.config.type);
    if (processes) task.cursor->position.clear();
    task.cursor->boot = BootId();
  }
  task.queued.reset();
  if (task.error.empty()) {
    Tell(events::Make(resumed ? events::ScanActivity::kResumed
                              : events::ScanActivity::kStarted),
         task, CauseWord(task.cursor->cause),
         resumed ? "A task goes on" : "A task has begun");
  }
  running_ = name;
  wish_ = Wish::kNone;
  ended_.reset();
  actions_->SetConfig(config_.quarantine);
  const std::string scanner = FindOurProgram("vitrine-scanner");
  tasks::Run::Parts parts{
      paths_,
      *sink_,
      nullptr,
      scanner,
      {OwnFolder(), FolderOf(scanner), FolderOf(FindOurProgram("vitrine"))}};
  // Mode `notify` and `off` report and do nothing else.
  if (config_.guard.mode == config::GuardMode::kBlock) {
    parts.actions = actions_.get();
  }
  run_ = std::make_unique<tasks::Run>(
      parts,
      tasks::Run::Settings{task.config, config_.scanner, config_.quarantine,
                           config_.guard.exclude_rules},
      *task.cursor);
  told_guard_ = {};
  run_thread_ = std::jthread([this, run = run_.get()](std::stop_token stop) {
    TellGuardOfUs(paths_);
    const auto end = run->Execute(std::move(stop));
    const std::lock_guard lock(mutex_);
    ended_ = end;
    (void)eventfd_write(wake_.get(), 1);
  });
}

Result<Cursor> Service::NewCursor(Task& task, Cause cause) {
  Cursor cursor;
  cursor.started = std::max(
      Now(), task.record.last ? task.record.last->started + 1 : int64_t{0});
  cursor.cause = cause;
  cursor.config = DigestOfConfig(task.config);
  cursor.boot = BootId();
  switch (task.config.type) {
    case config::TaskType::kFull:
      cursor.targets = TargetsOf(TRY(ReadMounts()));
      break;
    case config::TaskType::kCustom:
      cursor.targets = TargetsOf(task.config.paths);
      break;
    case config::TaskType::kCritical:
      cursor.targets = CriticalTargets(HomesOfMachine());
      cursor.targets.push_back({kProcesses, "", "running programs"});
      break;
    case config::TaskType::kMemory:
      cursor.targets.push_back({kProcesses, "", "memory"});
      break;
    case config::TaskType::kRemovable:
      for (std::string& point : task.media) {
        cursor.targets.push_back({std::move(point), "", "medium"});
      }
      task.media.clear();
      break;
  }
  return cursor;
}

// Whether its run that has not ended looks at other places than it should now.
bool Service::IsOutdated(const Task& task) const {
  return task.cursor && task.cursor->config != DigestOfConfig(task.config);
}

// Its run that has not ended is given up, without a report. One that a person
// paused begins when somebody asks.
void Service::BeginAnew(Task& task) {
  Tell(events::Make(events::ScanActivity::kCancelled), task, "configuration",
       "A task is to look at other places and begins anew");
  const Cursor& cursor = *task.cursor;
  if (task.config.type == config::TaskType::kRemovable) {
    for (size_t i = cursor.target; i < cursor.targets.size(); ++i) {
      const std::string& point = cursor.targets[i].base;
      if (Wants(task.config, point)) task.media.push_back(point);
    }
  }
  if (!cursor.paused && !task.queued) Queue(task, cursor.cause);
  (void)unlink(PlaceOf(task).Cursor().c_str());
  (void)unlink(PlaceOf(task).Log().c_str());
  task.cursor.reset();
  task.error.clear();
}

void Service::Queue(Task& task, Cause cause) {
  task.queued = cause;
  queue_.push_back(task.config.name);
}

// What became of the run that ran, if it has ended.
void Service::EndRun() {
  std::jthread ended;
  const std::lock_guard lock(mutex_);
  if (!ended_ || running_.empty()) return;
  ended = std::move(run_thread_);
  const auto found = tasks_.find(running_);
  const tasks::Run::End end = *ended_;
  const std::unique_ptr<tasks::Run> run = std::move(run_);
  running_.clear();
  ended_.reset();
  if (found == tasks_.end()) return;
  Task& task = found->second;
  task.cursor = run->cursor();
  if (end == tasks::Run::End::kCompleted) {
    task.error.clear();
    return Finish(task, RunSummary::End::kCompleted);
  }
  if (wish_ == Wish::kStop) return Finish(task, RunSummary::End::kStopped);
  if (IsOutdated(task)) {
    task.cursor->paused = wish_ == Wish::kPause;
    return BeginAnew(task);
  }
  if (end == tasks::Run::End::kFailed) {
    if (task.error.empty()) {
      events::Event event = events::Make(events::ScanActivity::kError);
      event.severity = events::Severity::kHigh;
      Tell(std::move(event), task, "failed",
           "A task cannot go on and is tried again: " + run->error());
    }
    task.error = run->error();
    task.retry_at = Clock::now() + kRetryPause;
  }
  if (wish_ == Wish::kPause) {
    task.cursor->paused = true;
    Tell(events::Make(events::ScanActivity::kPaused), task, "asked",
         "A task was paused");
  }
  SaveCursor(task);
  // It was taken out of the configuration, and is there again.
  const bool asked = wish_ != Wish::kNone;
  if (end == tasks::Run::End::kInterrupted && !asked) {
    Queue(task, task.cursor->cause);
  }
}

void Service::Finish(Task& task, RunSummary::End end) {
  const TaskPlace place = PlaceOf(task);
  RunSummary summary;
  summary.started = task.cursor->started;
  summary.ended = std::max(Now(), summary.started);
  summary.active = task.cursor->active;
  summary.cause = task.cursor->cause;
  summary.end = end;
  summary.counts = task.cursor->counts;
  const auto report =
      MakeReport({task.config.name, task.config.type, summary}, place.Log());
  Status kept =
      report.ok() ? KeepReport(place.Reports(), summary.started, report.value())
                  : Status(report.error());
  ++task.record.runs;
  task.record.last = summary;
  Save(task);
  // In this order: a crash in between ends the run once more.
  (void)unlink(place.Cursor().c_str());
  (void)unlink(place.Log().c_str());
  task.cursor.reset();
  task.error.clear();
  events::Event event = events::Make(end == RunSummary::End::kCompleted
                                         ? events::ScanActivity::kCompleted
                                         : events::ScanActivity::kCancelled);
  event.verdict = VerdictOf(summary.counts);
  event.count = summary.counts.scanned + summary.counts.known;
  event.detections = summary.counts.found;
  event.duration_us = static_cast<uint64_t>(summary.active) * 1'000'000;
  if (!kept.ok()) event.outcome = events::Outcome::kFailure;
  Tell(std::move(event), task, CauseWord(summary.cause),
       kept.ok()
           ? "A task has ended"
           : "A task has ended without a report: " + kept.error().message);
  if (!task.media.empty()) {
    Queue(task, Cause::kMedium);
  }
}

void Service::Save(const Task& task) {
  const Status saved =
      WriteFileAtomically(PlaceOf(task).Record(), Encode(task.record));
  disk_error_ = saved.ok() ? "" : saved.error().message;
}

void Service::SaveCursor(const Task& task) {
  const Status saved =
      WriteFileAtomically(PlaceOf(task).Cursor(), Encode(*task.cursor));
  disk_error_ = saved.ok() ? "" : saved.error().message;
}

void Service::Tell(events::Event event, const Task& task, const char* reason,
                   std::string message) {
  event.task = task.config.name;
  event.reason = reason;
  event.message = std::move(message);
  sink_->Append(event);
}

}  // namespace vitrine::tasks
