// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "config/config.h"
#include "config/paths.h"
#include "control/control.h"
#include "response/quarantine_actions.h"
#include "response/spool_sink.h"
#include "tasks/cursor.h"
#include "tasks/media.h"
#include "tasks/plan.h"
#include "tasks/run.h"
#include "tasks/task_status.h"

namespace vitrine::tasks {

// The tasker process: knows the tasks of the configuration, begins each when
// its time has come, one at a time, and does what it is asked on its control
// socket. What a task has come to is on disk, so that another life of the
// program, or the machine, goes on with it.
//
// Requests, besides `status`: start, pause, resume, stop (each with a task's
// name), state NAME, reload-config.
class Service {
 public:
  explicit Service(config::Paths paths) : paths_(std::move(paths)) {}
  // Until it is told to end. The exit status.
  int Run();

 private:
  using Clock = std::chrono::steady_clock;
  enum class Wish : uint8_t { kNone, kPause, kStop };  // Of the one that runs.
  struct Task {
    config::TaskConfig config;
    TaskRecord record;
    std::optional<Cursor> cursor;    // Of a run that has not ended.
    std::optional<Cause> queued;     // It waits for its turn.
    std::vector<std::string> media;  // Of kRemovable: still to be looked at.
    std::string error;               // Why it could not go on.
    Clock::time_point retry_at{};
  };

  Status Begin();
  void LoadTasks(const std::vector<config::TaskConfig>& configs);
  void Loop();
  void Tick();
  void LookAtDatabase();
  void LookAtMounts();
  void LookAtPlans(bool startup);
  void BeginNext();
  void BeginRun(const std::string& name, Task& task);
  Result<Cursor> NewCursor(Task& task, Cause cause);
  void EndRun();
  void Finish(Task& task, RunSummary::End end);
  bool IsOutdated(const Task& task) const;
  void BeginAnew(Task& task);
  void Queue(Task& task, Cause cause);
  void TellGuard();

  std::string Answer(const std::string& request);
  Status Start(Task& task);
  Status Pause(Task& task);
  Status Resume(Task& task);
  Status Stop(Task& task);
  Status Reload();
  std::string StateLine(const std::string& name, const Task& task) const;
  TaskStatus StatusOf(const std::string& name, const Task& task) const;
  bool Runs(const std::string& name) const { return running_ == name; }

  // What is wrong with the tasker as a whole.
  const std::string& Problem() const {
    return config_error_.empty() ? disk_error_ : config_error_;
  }
  void Save(const Task& task);
  void SaveCursor(const Task& task);
  void Tell(events::Event event, const Task& task, const char* reason,
            std::string message);
  TaskPlace PlaceOf(const Task& task) const {
    return {paths_.Tasks() + "/" + task.config.name};
  }

  const config::Paths paths_;
  UniqueFd held_;  // The tasks of this installation are ours.
  std::unique_ptr<response::SpoolSink> sink_;
  std::unique_ptr<response::QuarantineActions> actions_;
  UniqueFd wake_;  // An eventfd: something is to be done.
  Media media_{
      [](const std::string& device) { return IsRemovableDevice(device); }};
  Clock::time_point told_guard_{};

  mutable std::mutex mutex_;  // Guards all below but the last two.
  config::Config config_;
  std::string config_error_;  // Of the last reload,
  std::string disk_error_;    // of the last write; empty: none.
  std::map<std::string, Task> tasks_;
  std::deque<std::string> queue_;
  crypto::Sha256Digest database_ = {};
  std::string database_seen_;  // Its identity by the file system.
  std::string running_;        // Name of the task; empty: none.
  Wish wish_ = Wish::kNone;
  std::unique_ptr<tasks::Run> run_;
  std::optional<tasks::Run::End> ended_;  // What became of it.

  std::jthread run_thread_;
  std::unique_ptr<control::Control> control_;
};

}  // namespace vitrine::tasks
