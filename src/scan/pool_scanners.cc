// SPDX-License-Identifier: Apache-2.0
// The pool's processes: how they come, take over, and go.
#include <sys/epoll.h>

#include <algorithm>

#include "scan/pool_loop.h"

namespace vitrine::scan {

using State = ScannerStatus::State;

// Processes to be started with the newest database.
unsigned ScannerPool::Loop::Missing() const {
  if (newest_ == nullptr) return 0;
  unsigned there = 0;
  for (const auto& [number, scanner] : scanners_) {
    if (scanner->state != State::kDraining &&
        scanner->database().generation == newest_->generation) {
      ++there;
    }
  }
  const unsigned wanted = options_.scanners + options_.standbys;
  return wanted > there ? wanted - there : 0;
}

void ScannerPool::Loop::StartMissing(Lock& lock) {
  while (!stopping_ && Missing() > 0 && Clock::now() >= start_at_) {
    const auto database = newest_;
    ++counts_.starts;
    lock.unlock();
    auto started = ScannerProcess::Start(
        options_, cgroup_ ? &*cgroup_ : nullptr, database);
    lock.lock();
    if (!started.ok()) {
      OnStartFailed(*database, started.error().message);
      continue;
    }
    auto scanner = std::move(started).value();
    if (database != newest_) continue;  // Overtaken meanwhile: ended again.
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.u64 = ++last_number_;
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, scanner->channel(), &event) !=
        0) {
      OnStartFailed(*database, "epoll takes no more");
      continue;
    }
    event.data.u64 |= kErrorOutputBit;
    (void)epoll_ctl(epoll_.get(), EPOLL_CTL_ADD,
                    scanner->error_output().reader(), &event);
    scanners_.emplace(last_number_, std::move(scanner));
  }
}

// Takes what the scanner has written to its error output.
void ScannerPool::Loop::Hear(uint64_t number) {
  const auto found = scanners_.find(number);
  if (found == scanners_.end()) return;
  ErrorOutput& output = found->second->error_output();
  if (output.Read(lines_)) return;
  (void)epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, output.reader(), nullptr);
}

// Takes what the scanner has to say. A message for each request that it holds
// is all that is looked for at once, so that none keeps the others waiting.
void ScannerPool::Loop::Listen(uint64_t number) {
  using Kind = ScannerProcess::Event::Kind;
  const auto found = scanners_.find(number);
  if (found == scanners_.end()) return;
  ScannerProcess& scanner = *found->second;
  for (size_t i = std::max<size_t>(scanner.held().size(), 1); i > 0; --i) {
    ScannerProcess::Event event = scanner.Next(buffer_);
    switch (event.kind) {
      case Kind::kNothing:
        return;
      case Kind::kReady:
        return OnReady(scanner);
      case Kind::kRefused: {
        const auto database = scanner.database().generation;
        Remove(number);
        if (newest_ != nullptr && newest_->generation == database) {
          RefuseNewest({Code::kInvalid, std::move(event.text)});
        }
        return;
      }
      case Kind::kAnswer:
        ++counts_.answered;
        if (auto pending = requests_.Remove(event.id)) {
          Finish(*std::move(pending), std::move(event.outcome));
        }
        Begin(scanner);
        if (scanner.state == State::kDraining && scanner.held().empty()) {
          return Remove(number);
        }
        break;
      case Kind::kClosed:
        return OnDeath(number, Reason::kCrash, {});
      case Kind::kGarbage:
        return OnDeath(number, Reason::kGarbage, event.text);
    }
  }
}

void ScannerPool::Loop::OnReady(ScannerProcess& scanner) {
  scanner.state = State::kStandby;
  failed_starts_ = 0;
  start_at_ = {};
  counts_.start_error.clear();
  counts_.cage = scanner.cage();
  DescribeBounds(counts_.cage);
  const uint64_t generation = scanner.database().generation;
  if (newest_ != nullptr && newest_->generation == generation &&
      current_ != newest_) {
    current_ = newest_;
    killers_.Clear();
    if (on_changed_) {
      changed_.emplace_back(std::exchange(on_changed_, nullptr), Ok());
    }
    std::vector<uint64_t> idle;
    for (const auto& [number, other] : scanners_) {
      if (other->database().generation != generation &&
          other->state != State::kServing && other->state != State::kDraining) {
        idle.push_back(number);
      }
    }
    for (const uint64_t number : idle) Remove(number);
  }
  Promote();
}

// What holds of options_.bounds, as remarks in the rows for it.
void ScannerPool::Loop::DescribeBounds(sandbox::CageReport& cage) const {
  using sandbox::Layer;
  const Bounds& bounds = options_.bounds;
  const auto mib = [](uint64_t bytes) {
    return std::to_string(bytes >> 20) + " MiB of memory";
  };
  const auto limits = cage.row(Layer::kLimits);
  if (limits.state == sandbox::State::kFull && bounds.memory != 0) {
    cage.Set(Layer::kLimits, limits.state, mib(bounds.memory) + " each");
  }
  const auto group = cage.row(Layer::kCgroup);
  std::string text = group.reason;
  if (options_.launch) return;
  if (!cgroup_) {
    text = cgroup_error_;
    if (bounds.cpu_percent != 0) text += "; processor time has no bound";
  } else if (group.state == sandbox::State::kFull) {
    text = mib(bounds.memory * (options_.scanners + options_.standbys));
    if (bounds.cpu_percent != 0) {
      text += ", " + std::to_string(bounds.cpu_percent) + " % of a processor";
    }
    text += ", for all";
  }
  cage.Set(Layer::kCgroup, group.state, text);
}

// Fills the places of those who serve from the standbys, and gives places of
// scanners with an older database to standbys with the current one.
void ScannerPool::Loop::Promote() {
  if (current_ == nullptr) return;
  unsigned serving = 0;
  for (const auto& [number, scanner] : scanners_) {
    if (scanner->state == State::kServing) ++serving;
  }
  std::vector<ScannerProcess*> old;
  for (const auto& [number, scanner] : scanners_) {
    if (scanner->state == State::kServing &&
        scanner->database().generation != current_->generation) {
      old.push_back(scanner.get());
    }
  }
  for (const auto& [number, scanner] : scanners_) {
    if (scanner->state != State::kStandby ||
        scanner->database().generation != current_->generation) {
      continue;
    }
    if (serving >= options_.scanners) {
      if (old.empty()) break;
      old.back()->state = State::kDraining;
      old.pop_back();
      --serving;
    }
    scanner->state = State::kServing;
    ++serving;
  }
  std::vector<uint64_t> drained;
  for (const auto& [number, scanner] : scanners_) {
    if (scanner->state == State::kDraining && scanner->held().empty()) {
      drained.push_back(number);
    }
  }
  for (const uint64_t number : drained) Remove(number);
  Dispatch();
}

// One has ended or must be ended. The request at work pays; what it held
// besides goes to others.
void ScannerPool::Loop::OnDeath(uint64_t number, Reason reason,
                                const std::string& how) {
  const auto found = scanners_.find(number);
  if (found == scanners_.end()) return;
  ScannerPointer scanner = std::move(found->second);
  scanners_.erase(found);
  // One that is ended for its time is not waited for: its answer is due now.
  std::string end;
  if (reason == Reason::kTimeout) {
    scanner->Kill();
  } else {
    end = counts_.last_death = scanner->Death();
  }

  scanner->error_output().Finish(lines_);
  if (scanner->state == State::kStarting || !scanner->tried()) {
    OnStartFailed(scanner->database(), how.empty() ? end : how);
  }
  bool at_work = true;
  std::vector<uint64_t> innocent;
  for (const ScannerProcess::Held& held : scanner->held()) {
    if (std::exchange(at_work, false)) {
      Blame(held.id, reason, how.empty() ? end : how);
    } else {
      innocent.push_back(held.id);
    }
  }
  std::for_each(innocent.rbegin(), innocent.rend(), [&](uint64_t id) {
    const Pending* const pending = requests_.Find(id);
    if (pending == nullptr) return;
    if (pending->callback == nullptr) {
      requests_.Remove(id);
    } else {
      requests_.PutFirst(id);
    }
  });
  ended_.push_back(std::move(scanner));
  Promote();
}

void ScannerPool::Loop::Blame(uint64_t id, Reason reason,
                              const std::string& how) {
  switch (reason) {
    case Reason::kTimeout:
      ++counts_.timeouts;
      break;
    case Reason::kGarbage:
      ++counts_.garbage;
      break;
    default:
      ++counts_.crashes;
  }
  auto pending = requests_.Remove(id);
  if (!pending) return;
  const bool fair =
      reason != Reason::kTimeout ||
      (pending->began && Clock::now() - *pending->began >= kFairTime);
  if (fair) killers_.Add(pending->identity);
  Finish(*std::move(pending), reason,
         reason == Reason::kTimeout ? std::string() : how);
}

void ScannerPool::Loop::OnStartFailed(const KeptDatabase& database,
                                      const std::string& why) {
  ++failed_starts_;
  counts_.start_error = why;
  auto wait = Clock::duration(kBackOffFirst);
  for (unsigned i = 1; i < failed_starts_ && wait < kBackOffLongest; ++i) {
    wait *= 2;
  }
  start_at_ = Clock::now() + std::min(wait, Clock::duration(kBackOffLongest));
  if (newest_ != nullptr && newest_ != current_ &&
      newest_->generation == database.generation &&
      failed_starts_ >= kChangeStartsMax) {
    RefuseNewest({Code::kUnavailable, "no scanner starts: " + why});
  }
  if (failed_starts_ >= kFailedStartsMax && !HasReady()) {
    for (Pending& pending : requests_.RemoveQueued()) {
      Finish(std::move(pending), Reason::kNoScanner, why);
    }
  }
}

// The newest database will not do: back to the one that serves, if there is
// one.
void ScannerPool::Loop::RefuseNewest(Error error) {
  if (newest_ == current_) {
    // It opened before. Something else is wrong with this one scanner.
    OnStartFailed(*newest_, error.message);
    return;
  }
  std::vector<uint64_t> refused;
  for (const auto& [number, scanner] : scanners_) {
    if (scanner->database().generation == newest_->generation) {
      refused.push_back(number);
    }
  }
  newest_ = current_;
  failed_starts_ = 0;
  start_at_ = {};
  for (const uint64_t number : refused) Remove(number);
  if (on_changed_) {
    changed_.emplace_back(std::exchange(on_changed_, nullptr),
                          std::move(error));
  }
}

void ScannerPool::Loop::SetDatabase(std::shared_ptr<KeptDatabase> database,
                                    Done done) {
  const std::lock_guard lock(mutex_);
  if (on_changed_) {
    changed_.emplace_back(
        std::exchange(on_changed_, nullptr),
        Error{Code::kUnavailable, "overtaken by a newer database"});
  }
  // Those that were to serve with what is overtaken now.
  std::vector<uint64_t> idle;
  for (const auto& [number, scanner] : scanners_) {
    if (newest_ != current_ &&
        scanner->database().generation == newest_->generation) {
      idle.push_back(number);
    }
  }
  for (const uint64_t number : idle) Remove(number);
  database->generation = ++last_generation_;
  newest_ = std::move(database);
  on_changed_ = std::move(done);
  failed_starts_ = 0;
  start_at_ = {};
  WakeIfNeeded();
}

// Scanners that are still not ready: broken, or the machine stands still.
void ScannerPool::Loop::EndLate() {
  const auto now = Clock::now();
  std::vector<uint64_t> late;
  for (const auto& [number, scanner] : scanners_) {
    if (scanner->state == State::kStarting &&
        now - scanner->started() >= kStartTime) {
      late.push_back(number);
    }
  }
  for (const uint64_t number : late) {
    OnDeath(number, Reason::kTimeout, "it was not ready in time");
  }
}

// Ends one that owes nothing.
void ScannerPool::Loop::Remove(uint64_t number) {
  const auto found = scanners_.find(number);
  if (found == scanners_.end()) return;
  found->second->Kill();
  found->second->error_output().Finish(lines_);
  ended_.push_back(std::move(found->second));
  scanners_.erase(found);
}

void ScannerPool::Loop::ForgetReaped() {
  std::erase_if(ended_, [](const ScannerPointer& scanner) {
    return scanner->process().Wait({}).ok();
  });
}

bool ScannerPool::Loop::HasReady() const {
  return std::any_of(scanners_.begin(), scanners_.end(), [](const auto& entry) {
    return entry.second->state != State::kStarting;
  });
}

}  // namespace vitrine::scan
