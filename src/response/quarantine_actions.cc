// SPDX-License-Identifier: Apache-2.0
#include "response/quarantine_actions.h"

#include <pthread.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/text.h"
#include "base/wall_clock.h"
#include "quarantine/ladder.h"
#include "response/limits.h"

namespace vitrine::response {
namespace {

events::Event EventOf(config::Action action) {
  const bool keeps = action == config::Action::kQuarantine;
  events::Event event =
      events::MakeFileRemediation(keeps ? events::RemediationActivity::kIsolate
                                        : events::RemediationActivity::kEvict);
  event.severity = events::Severity::kHigh;
  event.disposition =
      keeps ? events::Disposition::kQuarantined : events::Disposition::kDeleted;
  event.outcome = events::Outcome::kSuccess;
  event.message =
      keeps ? "A file was moved to quarantine" : "A file was deleted";
  return event;
}

}  // namespace

QuarantineActions::QuarantineActions(quarantine::Store store,
                                     const config::QuarantineConfig& config,
                                     EventSink& sink)
    : store_(std::move(store)), sink_(sink), config_(config) {}

Result<std::unique_ptr<QuarantineActions>> QuarantineActions::Start(
    const config::Paths& paths, const config::QuarantineConfig& config,
    EventSink& sink) {
  quarantine::Store::Options options;
  options.folder = paths.Quarantine();
  options.key_file = paths.QuarantineKey();
  options.size_max = uint64_t{config.max_size_mb} << 20;
  quarantine::Store store = TRY(quarantine::Store::Open(std::move(options)));
  const quarantine::Recovery recovery = TRY(store.Recover());
  std::unique_ptr<QuarantineActions> actions(
      new QuarantineActions(std::move(store), config, sink));
  actions->TellRecovery(recovery);
  actions->thread_ = std::jthread(
      [self = actions.get()](const std::stop_token& stop) { self->Run(stop); });
  pthread_setname_np(actions->thread_.native_handle(), "quarantine");
  return actions;
}

QuarantineActions::~QuarantineActions() {
  thread_.request_stop();
  changed_.notify_all();
}

void QuarantineActions::Act(Found found) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() < kActionsMax) {
      waiting_.push_back(std::move(found));
      changed_.notify_all();
      return;
    }
  }
  events::Event event = EventOf(config::Action::kQuarantine);
  event.outcome = events::Outcome::kFailure;
  event.disposition = events::Disposition::kError;
  event.reason = "too-many";
  event.message = "Too many files wait for an action; this one stays refused";
  Tell(std::move(event), found);
}

void QuarantineActions::SetConfig(config::QuarantineConfig config) {
  const std::lock_guard lock(mutex_);
  config_ = std::move(config);
}

void QuarantineActions::WaitUntilIdle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.empty() && !busy_; });
}

void QuarantineActions::Run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait_for(lock, stop, kRetainPause,
                      [this] { return !waiting_.empty(); });
    if (waiting_.empty() && stop.stop_requested()) return;
    std::optional<Found> found;
    if (!waiting_.empty()) {
      found = std::move(waiting_.front());
      waiting_.pop_front();
    }
    busy_ = true;
    lock.unlock();
    if (found) Handle(*found);
    found.reset();
    Retain();
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

// Every opener that was refused brings the file once; it is taken once.
bool QuarantineActions::WasHandled(const Found& found) const {
  struct stat status;
  if (fstat(found.file.get(), &status) != 0 || status.st_nlink > 0) {
    return false;
  }
  return std::any_of(handled_.begin(), handled_.end(), [&](const auto& known) {
    return known.key == found.facts.key && known.size == found.facts.size &&
           known.modified_ns == found.facts.modified_ns;
  });
}

void QuarantineActions::Handle(const Found& found) {
  if (WasHandled(found)) return;
  std::vector<config::Action> actions;
  {
    const std::lock_guard lock(mutex_);
    actions = quarantine::ActionsFor(config_, {found.rule});
  }
  for (const config::Action action : actions) {
    if (Try(action, found)) break;
  }
}

// Whether the ladder ends here.
bool QuarantineActions::Try(config::Action action, const Found& found) {
  // Refusing has been done already, and telling too.
  if (action == config::Action::kBlock || action == config::Action::kNotify) {
    return true;
  }
  quarantine::Subject subject;
  subject.file = found.file.get();
  if (found.root) {
    subject.root = found.root.get();
    subject.path = found.path;
  }
  subject.rules = {found.rule};
  subject.database = std::to_string(found.database);
  subject.reason = found.reason;
  subject.verdict_ns = UnixNowNs();
  const auto taken = action == config::Action::kQuarantine
                         ? store_.Take(subject)
                         : store_.Delete(subject);
  events::Event event = EventOf(action);
  if (!taken.ok()) {
    event.outcome = events::Outcome::kFailure;
    event.disposition = events::Disposition::kError;
    event.reason = "failed";
    event.message = taken.error().message;
    Tell(std::move(event), found);
    return false;
  }
  const quarantine::Item& item = taken.value().item;
  if (action == config::Action::kQuarantine) event.quarantine = ToHex(item.id);
  event.sha256 = item.seal.sha256;
  if (taken.value().other_names > 0) {
    event.reason = "other-names";
    event.message += "; other names of it still stand";
    event.count = taken.value().other_names;
  }
  Tell(std::move(event), found);
  handled_.push_back(
      {found.facts.key, found.facts.size, found.facts.modified_ns});
  if (handled_.size() > kHandledMax) handled_.pop_front();
  return true;
}

void QuarantineActions::Retain() {
  const auto now = std::chrono::steady_clock::now();
  if (retained_ != decltype(retained_)() && now - retained_ < kRetainPause) {
    return;
  }
  retained_ = now;
  config::QuarantineConfig config;
  {
    const std::lock_guard lock(mutex_);
    config = config_;
  }
  const auto dropped = store_.Retain(
      config.max_age_days, uint64_t{config.max_size_mb} << 20, UnixNowNs());
  if (!dropped.ok()) return;
  for (const quarantine::Item& item : dropped.value()) {
    events::Event event = EventOf(config::Action::kDelete);
    event.severity = events::Severity::kInformational;
    event.reason = "retention";
    event.message = "An item was dropped from quarantine";
    event.path = item.metadata.path;
    event.size = item.seal.size;
    event.sha256 = item.seal.sha256;
    event.rules = item.metadata.rules;
    event.quarantine = ToHex(item.id);
    sink_.Append(event);
  }
}

void QuarantineActions::Tell(events::Event event, const Found& found) {
  event.path = found.path;
  event.device = found.facts.key.device;
  event.inode = found.facts.key.inode;
  event.size = found.facts.size;
  event.verdict = Verdict::kFound;
  event.rules = {found.rule};
  event.task = found.task;
  event.database = std::to_string(found.database);
  sink_.Append(event);
}

void QuarantineActions::TellRecovery(const quarantine::Recovery& recovery) {
  const uint64_t ended = recovery.finished + recovery.undone + recovery.dropped;
  if (ended == 0 && recovery.problems.empty()) return;
  events::Event event = events::Make(events::LifecycleActivity::kOther);
  event.severity = events::Severity::kMedium;
  event.reason = "quarantine-recovered";
  event.message = "Actions that a crash interrupted were ended";
  event.count = ended;
  for (const std::string& problem : recovery.problems) {
    event.severity = events::Severity::kHigh;
    event.outcome = events::Outcome::kFailure;
    event.message += "; " + problem;
  }
  sink_.Append(event);
}

}  // namespace vitrine::response
