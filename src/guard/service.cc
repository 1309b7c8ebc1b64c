// SPDX-License-Identifier: Apache-2.0
#include "guard/service.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <thread>

#include "config/reader.h"
#include "guard/limits.h"
#include "update/state/kept_proof.h"

namespace vitrine::guard {

using config::GuardMode;

namespace {

size_t DescriptorsMax() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, kDescriptorsMax);
  (void)setrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<size_t>(limit.rlim_cur);
}

const char* ModeWord(GuardMode mode) {
  switch (mode) {
    case GuardMode::kBlock:
      return "block";
    case GuardMode::kNotify:
      return "notify";
    case GuardMode::kOff:
      return "off";
  }
  return "off";
}

}  // namespace

int Service::Run() {
  Reader::BlockSignals();
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  (void)signal(SIGPIPE, SIG_IGN);
  const Status begun = Begin();
  if (!begun.ok()) {
    std::fprintf(stderr, "vitrine-guard: %s\n", begun.error().message.c_str());
    return 2;
  }
  const Status judged = StartJudge();
  if (!judged.ok()) {
    std::fprintf(stderr, "vitrine-guard: %s\n", judged.error().message.c_str());
  }
  auto control = Control::Start(paths_.GuardSocket(), getuid(),
                                [this](const std::string& request, pid_t peer) {
                                  return Answer(request, peer);
                                });
  if (!control.ok()) {
    std::fprintf(stderr, "vitrine-guard: %s\n",
                 control.error().message.c_str());
    return 2;
  }
  control_ = std::move(control).value();
  const int status = Wait();
  control_.reset();
  watcher_.reset();
  gate_->SetJudge(nullptr);
  // Questions that wait get their answer from the judge's end.
  judge_.reset();
  reader_.reset();
  return status;
}

Status Service::Begin() {
  // A session of our own: its members are the scanners and nobody else.
  const pid_t session = setsid();
  config_ = TRY(config::LoadConfig(paths_, getuid()));
  TRY(MakeFolders(paths_));
  sink_ = TRY(SpoolSink::Open(paths_, "guard"));
  memory_ = std::make_unique<SharedMemory>(
      TRY(SharedMemory::Adopt(UniqueFd(kSharedFd))));
  permission_ = AdoptFanotify(Group::kPermission, UniqueFd(kPermissionFd));
  notice_ = AdoptFanotify(Group::kNotice, UniqueFd(kNoticeFd));
  for (const std::string& path : OwnPlaces(paths_, ScannerProgram())) {
    (void)permission_->Exclude(path);
    (void)notice_->Exclude(path);
  }
  openers_ = std::make_unique<SystemOpeners>(
      getpid(), memory_->state().supervisor, session,
      std::vector<std::string>{paths_.Update(), paths_.Staging()});
  supervisor_ = std::make_unique<SupervisorWatch>(
      memory_->state(), std::vector<std::string>{"vitrine-guard: supervisor",
                                                 "--stand-in", paths_.root()});
  const size_t descriptors = DescriptorsMax();
  SharedState& shared = memory_->state();
  shared.read_below = descriptors;
  Publish(config_.guard);
  StartActions();
  gate_ = std::make_unique<Gate>(
      Gate::Parts{*permission_, *notice_, leases_, *openers_, *sink_, shared,
                  actions_.get(), std::min(kKeptMax, descriptors / 3)},
      Fitted(config_.guard));
  failed_.Reset(eventfd(0, EFD_CLOEXEC));
  reader_ = TRY(Reader::Start(
      *permission_, *notice_, *gate_, shared, [this](Error error) {
        std::fprintf(stderr, "vitrine-guard: %s\n", error.message.c_str());
        (void)eventfd_write(failed_.get(), 1);
      }));
  shared.ready = 1;
  Tell(events::Make(events::LifecycleActivity::kStart), "started",
       "The guard has started");
  return Ok();
}

// Without a quarantine the guard still refuses.
void Service::StartActions() {
  auto actions = QuarantineActions::Start(paths_, config_.quarantine, *sink_);
  if (actions.ok()) {
    actions_ = std::move(actions).value();
    return;
  }
  actions_error_ = actions.error().message;
  Tell(events::Make(events::LifecycleActivity::kOther), "no-quarantine",
       "Nothing can be moved to quarantine: " + actions_error_);
}

Status Service::StartJudge() {
  scan::PoolOptions options;
  options.program = ScannerProgram();
  options.scanners = config_.scanner.count != 0
                         ? config_.scanner.count
                         : std::max(1u, std::thread::hardware_concurrency());
  options.identity = sandbox::ScannerIdentity();
  options.bounds = {uint64_t{config_.scanner.memory_mb} << 20,
                    config_.scanner.cpu_percent,
                    paths_.ScannerGroup("vitrine-guard")};
  auto judge = PoolJudge::Start(options, paths_.Database());
  if (judge.ok() && config_.scanner.require_full_cage &&
      !judge.value()->status().cage.full()) {
    judge = Error{Code::kDenied, "this kernel cannot give the full cage"};
  }
  const std::lock_guard lock(mutex_);
  if (!judge.ok()) {
    judge_error_ = judge.error().message;
    Tell(events::Make(events::LifecycleActivity::kOther), "no-judge",
         "Nothing can be scanned: " + judge_error_);
    return judge.error();
  }
  judge_error_.clear();
  judge_ = std::move(judge).value();
  gate_->ForgetVerdicts(judge_->database());
  tolerant_ = std::make_unique<TolerantJudge>(*judge_, *sink_, paths_.Trusted(),
                                              config_.quarantine);
  gate_->SetJudge(tolerant_.get());
  watcher_ = Watcher::Start(
      {*permission_, *notice_, *gate_, *sink_, memory_->state()});
  return Ok();
}

int Service::Wait() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    sigaddset(&signals, number);
  }
  const UniqueFd told(signalfd(-1, &signals, SFD_CLOEXEC));
  for (;;) {
    std::array<pollfd, 3> waits = {{{told.get(), POLLIN, 0},
                                    {supervisor_->descriptor(), POLLIN, 0},
                                    {failed_.get(), POLLIN, 0}}};
    const bool alone = supervisor_->descriptor() < 0;
    const auto pause = alone ? kSupervisorPause : kJudgePause;
    const int ready =
        poll(waits.data(), waits.size(), static_cast<int>(pause.count()));
    if (ready == 0 && judge_ == nullptr) (void)StartJudge();
    if (waits[2].revents != 0) return 2;
    if (alone || waits[1].revents != 0) RenewSupervisor();
    if (waits[0].revents == 0) continue;
    signalfd_siginfo signal;
    if (read(told.get(), &signal, sizeof signal) != sizeof signal) return 2;
    if (signal.ssi_signo != SIGHUP) {
      memory_->state().stopping = 1;
      Tell(events::Make(events::LifecycleActivity::kStop), "stopped",
           "The guard was told to stop");
      return 0;
    }
    (void)Reload("reload-config");
  }
}

// Two hold the groups, so that one can be killed; now the other one was.
void Service::RenewSupervisor() {
  const pid_t before = memory_->state().supervisor;
  const Status renewed = supervisor_->Renew();
  const pid_t after = memory_->state().supervisor;
  if (renewed.ok() && before == after) return;  // Somebody has taken over.
  Tell(events::Make(events::LifecycleActivity::kRestart), "supervisor-died",
       renewed.ok() ? "The supervisor died; the guard has started another"
                    : "The supervisor died: " + renewed.error().message);
}

std::shared_ptr<const config::GuardConfig> Service::Fitted(
    config::GuardConfig guard) {
  // An open that waits holds two descriptors, and files in the kernel's cache
  // have a third of all.
  const auto most =
      static_cast<uint32_t>(memory_->state().read_below.load() / 4);
  guard.max_scan_queue = std::min(guard.max_scan_queue, most);
  return std::make_shared<const config::GuardConfig>(std::move(guard));
}

// What the supervisor must know to answer for us.
void Service::Publish(const config::GuardConfig& guard) {
  SharedState& shared = memory_->state();
  shared.deadline_ms = static_cast<uint32_t>(guard.deadline.count());
  shared.deny_without = guard.mode == GuardMode::kBlock &&
                        guard.on_error == config::Access::kDeny;
}

std::string Service::Answer(const std::string& request, pid_t peer) {
  if (request == "status") return wire::Format(CurrentStatus());
  if (request == "tasker") {
    const Status admitted = openers_->AdmitTasker(peer, TaskerProgram());
    return admitted.ok() ? "ok\n" : "error " + admitted.error().message + "\n";
  }
  const Status changed = Change(request);
  return changed.ok() ? "ok\n" : "error " + changed.error().message + "\n";
}

Status Service::Change(const std::string& request) {
  if (request == "forget-cache") {
    gate_->ForgetVerdicts(0);
    return Ok();
  }
  if (request == "reload-database" || request == "reload-config") {
    return Reload(request);
  }
  config::GuardConfig guard = *gate_->config();
  if (request == "mode block") {
    guard.mode = GuardMode::kBlock;
  } else if (request == "mode notify") {
    guard.mode = GuardMode::kNotify;
  } else if (request == "mode off") {
    guard.mode = GuardMode::kOff;
  } else {
    return Error{Code::kInvalid, "no such request"};
  }
  Publish(guard);
  Tell(events::Make(guard.mode == GuardMode::kOff
                        ? events::LifecycleActivity::kDisable
                        : events::LifecycleActivity::kEnable),
       "mode", std::string("The mode is now ") + ModeWord(guard.mode));
  gate_->SetConfig(Fitted(std::move(guard)));
  if (watcher_ != nullptr) watcher_->Refresh();
  return Ok();
}

Status Service::Reload(const std::string& what) {
  if (what == "reload-database") {
    TRY(update::CheckActive(paths_));
    if (judge_ == nullptr) return StartJudge();
    TRY(judge_->Reload());
    gate_->ForgetVerdicts(judge_->database());
    Tell(events::Make(events::LifecycleActivity::kUpdate), "database",
         "Another database is in use");
    return Ok();
  }
  // A configuration with a mistake changes nothing.
  config::Config config = TRY(config::LoadConfig(paths_, getuid()));
  if (actions_ != nullptr) actions_->SetConfig(config.quarantine);
  if (tolerant_ != nullptr) tolerant_->SetConfig(config.quarantine);
  Publish(config.guard);
  gate_->SetConfig(Fitted(std::move(config.guard)));
  if (watcher_ != nullptr) watcher_->Refresh();
  return Ok();
}

wire::GuardStatus Service::CurrentStatus() {
  wire::GuardStatus status;
  const GuardMode mode = gate_->config()->mode;
  status.mode = ModeWord(mode);
  if (mode == GuardMode::kOff) status.degraded.push_back("the guard is off");
  const std::lock_guard lock(mutex_);
  if (judge_ != nullptr) {
    status.database = judge_->database();
    status.database_time = judge_->database_time();
  } else {
    status.degraded.push_back("nothing can be scanned: " + judge_error_);
  }
  if (actions_ == nullptr) {
    status.degraded.push_back("there is no quarantine: " + actions_error_);
  }
  AddMounts(status);
  AddCounters(status);
  AddCage(status);
  return status;
}

void Service::AddMounts(wire::GuardStatus& status) {
  if (watcher_ == nullptr) return;
  for (const Coverage& row : watcher_->coverage()) {
    const bool unproven = row.watched && row.proof == "not seen";
    const char* state = row.watched ? "watched" : "not";
    if (row.failed || unproven) state = "failed";
    if (row.failed || unproven) {
      status.degraded.push_back(
          row.point + " is not watched: " +
          (unproven ? "the self-test failed" : row.why_not));
    }
    status.mounts.push_back({state, row.space, row.type, row.device, row.point,
                             row.why_not, row.proof});
  }
  if (watcher_->unseen() > 0) {
    status.degraded.push_back("more mount namespaces than are looked into");
  }
}

void Service::AddCounters(wire::GuardStatus& status) {
  const Counters c = gate_->counters();
  status.last_overflow_ns = c.last_overflow_ns;
  const SharedState& shared = memory_->state();
  status.counters = {{"questions", c.questions},
                     {"own", c.own},
                     {"excluded", c.excluded},
                     {"cached", c.cached},
                     {"scans", c.scans},
                     {"found", c.found},
                     {"denied", c.denied},
                     {"late", c.late},
                     {"errors", c.errors},
                     {"limited", c.limited},
                     {"busy", c.busy},
                     {"unanswered", c.unanswered},
                     {"written", c.written},
                     {"written_dropped", c.written_dropped},
                     {"lease_breaks", c.lease_breaks},
                     {"overflows", c.overflows},
                     {"waiting", c.waiting},
                     {"kept", c.kept},
                     {"verdicts", c.verdicts},
                     {"restarts", shared.restarts},
                     {"answered_by_supervisor", shared.answered_for},
                     {"events_lost", sink_->lost()}};
}

void Service::AddCage(wire::GuardStatus& status) {
  if (judge_ == nullptr) return;
  const scan::PoolStatus pool = judge_->status();
  for (size_t i = 0; i < sandbox::kLayerCount; ++i) {
    const auto layer = static_cast<sandbox::Layer>(i);
    const sandbox::CageReport::Row& row = pool.cage.row(layer);
    status.cage.push_back(
        {sandbox::LayerName(layer), sandbox::StateName(row.state), row.reason});
  }
  status.counters.push_back({"scanners", pool.scanners.size()});
  status.counters.push_back({"scanner_crashes", pool.crashes});
  status.counters.push_back({"scanner_timeouts", pool.timeouts});
  status.counters.push_back({"scanner_starts", pool.starts});
  if (!pool.start_error.empty()) {
    status.degraded.push_back("scanners do not start: " + pool.start_error);
  }
}

void Service::Tell(events::Event event, const char* reason,
                   std::string message) {
  event.reason = reason;
  event.message = std::move(message);
  sink_->Append(event);
}

}  // namespace vitrine::guard
