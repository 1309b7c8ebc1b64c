// SPDX-License-Identifier: Apache-2.0
// What the tasker is asked on its control socket.
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/text.h"
#include "config/reader.h"
#include "tasks/mounts_by_id.h"
#include "tasks/service.h"

namespace vitrine::tasks {
namespace {

// The media that are there now: those that the task names, or all that can be
// taken out.
std::vector<std::string> MountedMedia(const config::TaskConfig& task) {
  Media media([&](const std::string& device) {
    return !task.paths.empty() || IsRemovableDevice(device);
  });
  const auto table = ReadMounts();
  if (!table.ok()) return {};
  std::vector<std::string> points = media.NewIn(table.value());
  if (task.paths.empty()) return points;
  std::erase_if(points, [&](const std::string& point) {
    return !config::AnyMatches(task.paths, point);
  });
  return points;
}

}  // namespace

std::string Service::Answer(const std::string& request) {
  const std::lock_guard lock(mutex_);
  const auto words = Split(request, ' ');
  if (words[0] == "status" && words.size() >= 2 && words.size() <= 3) {
    std::vector<TaskStatus> rows;
    for (const auto& [name, task] : tasks_) {
      if (words.size() == 2 || words[2] == name) {
        rows.push_back(StatusOf(name, task));
      }
    }
    if (words.size() == 3 && rows.empty()) return "error no such task\n";
    if (words[1] == "json") return StatusJson(rows, Problem());
    if (words[1] == "text") return StatusText(rows, Problem());
  }
  Status done = Error{Code::kInvalid, "no such request"};
  if (request == "reload-config") done = Reload();
  if (words.size() == 2) {
    const auto found = tasks_.find(std::string(words[1]));
    if (found == tasks_.end()) return "error no such task\n";
    Task& task = found->second;
    if (words[0] == "state") return StateLine(found->first, task);
    if (words[0] == "start") done = Start(task);
    if (words[0] == "pause") done = Pause(task);
    if (words[0] == "resume") done = Resume(task);
    if (words[0] == "stop") done = Stop(task);
  }
  (void)eventfd_write(wake_.get(), 1);
  return done.ok() ? "ok\n" : "error " + done.error().message + "\n";
}

Status Service::Start(Task& task) {
  if (task.cursor && task.cursor->paused) {
    return Error{Code::kUnavailable, "it is paused; resume or stop it"};
  }
  if (task.cursor || task.queued) {
    return Error{Code::kUnavailable, "it runs already"};
  }
  if (task.config.type == config::TaskType::kRemovable && task.media.empty()) {
    task.media = MountedMedia(task.config);
    if (task.media.empty()) {
      return Error{Code::kNotFound, "no such medium is mounted"};
    }
  }
  Queue(task, Cause::kAsked);
  return Ok();
}

Status Service::Pause(Task& task) {
  if (Runs(task.config.name)) {
    if (wish_ == Wish::kNone) wish_ = Wish::kPause;
    run_thread_.request_stop();
    return Ok();
  }
  if (!task.cursor) return Error{Code::kNotFound, "it does not run"};
  task.cursor->paused = true;
  task.queued.reset();
  SaveCursor(task);
  return Ok();
}

Status Service::Resume(Task& task) {
  if (!task.cursor || !task.cursor->paused) {
    return Error{Code::kNotFound, "it is not paused"};
  }
  task.cursor->paused = false;
  SaveCursor(task);
  Queue(task, task.cursor->cause);
  return Ok();
}

Status Service::Stop(Task& task) {
  if (Runs(task.config.name)) {
    wish_ = Wish::kStop;
    run_thread_.request_stop();
    return Ok();
  }
  const bool queued = task.queued.has_value();
  task.queued.reset();
  if (task.cursor) {
    Finish(task, RunSummary::End::kStopped);
    return Ok();
  }
  if (queued) return Ok();
  return Error{Code::kNotFound, "it does not run"};
}

// A configuration with a mistake changes nothing.
Status Service::Reload() {
  auto config = config::LoadConfig(paths_, getuid());
  if (!config.ok()) {
    config_error_ = config.error().message;
    return config.error();
  }
  config_error_.clear();
  config_ = std::move(config).value();
  LoadTasks(config_.tasks);
  return Ok();
}

// "STATE RUNS VERDICT": for a program that waits for the end of a run.
std::string Service::StateLine(const std::string& name,
                               const Task& task) const {
  const TaskStatus status = StatusOf(name, task);
  return status.state + " " + std::to_string(status.runs) + " " +
         (status.last ? VerdictName(VerdictOf(status.last->counts)) : "none") +
         "\n";
}

TaskStatus Service::StatusOf(const std::string& name, const Task& task) const {
  TaskStatus status;
  status.name = name;
  status.type = task.config.type;
  status.error = task.error;
  status.next = NextStart(task.config, task.record.plan);
  status.runs = task.record.runs;
  status.last = task.record.last;
  if (task.cursor) status.progress = ProgressOf(*task.cursor);
  status.state = "idle";
  if (Runs(name)) {
    status.state = "running";
    if (run_ != nullptr) status.progress = run_->progress();
  } else if (task.cursor && task.cursor->paused) {
    status.state = "paused";
  } else if (task.queued) {
    status.state = "queued";
  } else if (task.cursor) {
    status.state = "waiting";
  }
  return status;
}

}  // namespace vitrine::tasks
