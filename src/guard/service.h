// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "config/paths.h"
#include "control/control.h"
#include "guard/gate.h"
#include "guard/reader.h"
#include "guard/supervisor.h"
#include "guard/supervisor_watch.h"
#include "guard/watcher.h"
#include "response/pool_judge.h"
#include "response/quarantine_actions.h"
#include "response/spool_sink.h"
#include "response/tolerant_judge.h"
#include "wire/guard_status.h"

namespace vitrine::guard {

using control::Control;
using response::PoolJudge;
using response::QuarantineActions;
using response::SpoolSink;
using response::TolerantJudge;

// Files and folders that no question may ever be about, since nobody could
// answer it: our state, and what our own programs are loaded from.
std::vector<std::string> OwnPlaces(const config::Paths& paths,
                                   const std::string& scanner);

// Makes the folders of an installation that do not exist.
Status MakeFolders(const config::Paths& paths);

// The path of vitrine-scanner: beside this program.
std::string ScannerProgram();
// The same of vitrine-tasker.
std::string TaskerProgram();

// The guard process: puts the parts together and runs until it is told to stop
// or has to (a group failed). Started by a Supervisor,
// with its descriptors.
class Service {
 public:
  explicit Service(config::Paths paths) : paths_(std::move(paths)) {}
  // The exit status.
  int Run();

 private:
  Status Begin();
  void StartActions();
  Status StartJudge();
  int Wait();
  void RenewSupervisor();
  std::string Answer(const std::string& request, pid_t peer);
  Status Change(const std::string& request);
  Status Reload(const std::string& what);
  std::shared_ptr<const config::GuardConfig> Fitted(config::GuardConfig guard);
  void Publish(const config::GuardConfig& guard);
  wire::GuardStatus CurrentStatus();
  void AddMounts(wire::GuardStatus& status);
  void AddCounters(wire::GuardStatus& status);
  void AddCage(wire::GuardStatus& status);
  void Tell(events::Event event, const char* reason, std::string message);

  // In the order in which they are made; each uses the ones above it alone.
  const config::Paths paths_;
  config::Config config_;
  std::unique_ptr<SpoolSink> sink_;
  std::unique_ptr<SharedMemory> memory_;
  std::unique_ptr<Fanotify> permission_;
  std::unique_ptr<Fanotify> notice_;
  KernelLeases leases_;
  std::unique_ptr<SupervisorWatch> supervisor_;
  std::unique_ptr<SystemOpeners> openers_;
  std::unique_ptr<QuarantineActions> actions_;  // None: refusing is all.
  std::unique_ptr<Gate> gate_;
  UniqueFd failed_;  // An eventfd: a part cannot go on.
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<TolerantJudge> tolerant_;  // Outlives judge_'s callbacks.
  std::unique_ptr<PoolJudge> judge_;
  std::unique_ptr<Watcher> watcher_;

  std::mutex mutex_;  // Guards all below, and judge_ and watcher_ when set.
  std::string judge_error_;
  std::string actions_error_;
  std::unique_ptr<Control> control_;
};

}  // namespace vitrine::guard
