// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "config/paths.h"
#include "response/pool_judge.h"
#include "response/quarantine_actions.h"
#include "response/tolerant_judge.h"
#include "tasks/budget.h"
#include "tasks/clean_cache.h"
#include "tasks/cursor.h"
#include "tasks/item.h"
#include "tasks/run_log.h"

namespace vitrine::tasks {

// Files of one task on disk: Paths::Tasks() + "/" + name.
struct TaskPlace {
  std::string folder;
  std::string Cursor() const { return folder + "/cursor"; }
  std::string Record() const { return folder + "/record"; }
  std::string Log() const { return folder + "/log"; }
  std::string Reports() const { return folder + "/runs"; }
};

// One run of a task, from its cursor on to its end: takes items from the
// target's source, hands them to caged scanners, acts on what is found, and
// writes down how far it has come. Opens files and copies memory; looks at no
// byte of either.
//
// Execute() is called once, on a thread of its own, which steps back behind the
// rest of the machine. The rest is thread-safe.
class Run {
 public:
  struct Parts {
    const config::Paths& paths;
    response::EventSink& sink;
    // Acts on what is found; null: nobody does, it is only told.
    response::QuarantineActions* actions;
    std::string scanner;                   // Path of vitrine-scanner.
    std::vector<std::string> own_folders;  // Of our programs.
  };
  struct Settings {
    config::TaskConfig task;
    config::ScannerConfig scanner;
    config::QuarantineConfig quarantine;
    std::vector<config::Mask> exclude_rules;
  };
  enum class End : uint8_t {
    kCompleted,
    kInterrupted,  // Asked to stop; the cursor says how far it came.
    kFailed,       // Cannot go on now; the cursor says how far it came.
  };

  Run(Parts parts, Settings settings, Cursor cursor);

  End Execute(std::stop_token stop);

  Progress progress() const;
  // How far it came, once it has ended.
  Cursor cursor() const;
  // Why it failed, or what limits it.
  std::string error() const;

 private:
  // An item on its way, in the order in which it came.
  struct Pending {
    Item item;
    bool done = false;
  };
  struct Answer {
    Pending* pending;
    response::Judgement judgement;
  };
  using Clock = std::chrono::steady_clock;

  Status Prepare();
  Result<CleanCache::Rules> RulesDigest() const;
  std::unique_ptr<Source> SourceFor(const Target& target);
  bool GoThrough(Source& source, const std::stop_token& stop);
  void Take(Item item);
  void Ask(Item item);
  bool WaitForAnswers(Clock::duration most);
  void Settle(const Answer& answer);
  bool SettleFound(Item& item, const response::Judgement& judgement);
  void Remember(const Item& item, const response::Judgement& judgement);
  bool List(Finding::Kind kind, const Item& item, std::string rule,
            std::string reason);
  void Retire();
  void KeepPace(const std::stop_token& stop);
  void CheckPoint(bool force);
  void Fail(std::string why);

  const Parts parts_;
  const Settings settings_;
  const TaskPlace place_;
  const Clock::time_point begun_ = Clock::now();
  const int64_t active_before_;

  // The executing thread's.
  std::optional<CleanCache> cache_;
  std::optional<RunLog> log_;
  std::deque<std::unique_ptr<Pending>> window_;
  size_t asked_ = 0;  // Of the window, that have no answer.
  bool acted_ = false;
  bool failed_ = false;
  Pace pace_;
  UsedTime used_;
  Clock::time_point paced_{};
  Clock::time_point saved_{};

  // Guards all below. Of the cursor: what the executing thread writes and
  // others read; its targets stay as they are.
  mutable std::mutex mutex_;
  std::condition_variable answered_;
  std::vector<Answer> answers_;
  Cursor cursor_;
  std::string error_;

  // Last, so that no callback outlives what it touches: ending the judge
  // answers what is open.
  std::unique_ptr<response::TolerantJudge> tolerant_;
  std::unique_ptr<response::PoolJudge> judge_;
};

}  // namespace vitrine::tasks
