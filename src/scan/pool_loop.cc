// SPDX-License-Identifier: Apache-2.0
#include "scan/pool_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>

#include "base/system_error.h"

namespace vitrine::scan {
namespace {

// The number under which the wake descriptor is watched; scanners count from 1.
constexpr uint64_t kWakeNumber = 0;

}  // namespace

Result<std::unique_ptr<ScannerPool::Loop>> ScannerPool::Loop::Create(
    PoolOptions options) {
  UniqueFd epoll(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return Unavailable("epoll");
  UniqueFd wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake) return Unavailable("eventfd");
  epoll_event event = {};
  event.events = EPOLLIN;
  event.data.u64 = kWakeNumber;
  if (epoll_ctl(epoll.get(), EPOLL_CTL_ADD, wake.get(), &event) != 0) {
    return Unavailable("epoll");
  }
  // Asked for once: the answer is a file's.
  if (!options.identity && !options.launch)
    options.identity = sandbox::ScannerIdentity();
  if (!options.on_line) options.on_line = ShowLine;
  std::unique_ptr<Loop> loop(
      new Loop(std::move(options), std::move(epoll), std::move(wake)));
  const PoolOptions& to = loop->options_;
  if (!to.launch) {
    auto cgroup = MakeCgroup(to.bounds, to.scanners + to.standbys);
    if (cgroup.ok()) {
      loop->cgroup_.emplace(std::move(cgroup).value());
    } else {
      loop->cgroup_error_ = cgroup.error().message;
    }
  }
  loop->thread_ = std::jthread([loop = loop.get()] { loop->Run(); });
  return loop;
}

ScannerPool::Loop::Loop(PoolOptions options, UniqueFd epoll, UniqueFd wake)
    : options_(std::move(options)),
      epoll_(std::move(epoll)),
      wake_(std::move(wake)),
      buffer_(wire::kMessageMax) {}

ScannerPool::Loop::~Loop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    WakeIfNeeded();
  }
  thread_.join();
}

void ScannerPool::Loop::Run() {
  Lock lock(mutex_);
  while (!stopping_) {
    StartMissing(lock);
    EndLate();
    AnswerDue();
    Dispatch();
    ForgetReaped();
    if (!finished_.empty() || !changed_.empty() || !lines_.empty()) {
      RunCallbacks(lock);
    } else {
      WaitForEvents(lock);
    }
  }
  StopAll(lock);
}

void ScannerPool::Loop::RunCallbacks(Lock& lock) {
  const auto finished = std::exchange(finished_, {});
  const auto changed = std::exchange(changed_, {});
  const auto lines = std::exchange(lines_, {});
  lock.unlock();
  for (const auto& [done, status] : changed) done(status);
  for (auto& [callback, outcome] : finished) callback(outcome);
  for (const std::string& line : lines) options_.on_line(line);
  lock.lock();
}

void ScannerPool::Loop::WaitForEvents(Lock& lock) {
  wake_at_ = NextWake();
  asleep_ = true;
  lock.unlock();
  timespec timeout = {};
  const bool forever = wake_at_ == Clock::time_point::max();
  if (!forever) {
    const auto left =
        std::max(Clock::duration::zero(), wake_at_ - Clock::now());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
    timeout.tv_sec = seconds.count();
    timeout.tv_nsec = std::chrono::nanoseconds(left - seconds).count();
  }
  epoll_event events[16];
  const int count = epoll_pwait2(epoll_.get(), events, std::size(events),
                                 forever ? nullptr : &timeout, nullptr);
  lock.lock();
  asleep_ = false;
  for (int i = 0; i < count; ++i) {
    if (events[i].data.u64 == kWakeNumber) {
      uint64_t ignored = 0;
      (void)!read(wake_.get(), &ignored, sizeof ignored);
    } else if ((events[i].data.u64 & kErrorOutputBit) != 0) {
      Hear(events[i].data.u64 & ~kErrorOutputBit);
    } else {
      Listen(events[i].data.u64);
    }
  }
}

void ScannerPool::Loop::WakeIfNeeded() {
  if (!asleep_) return;
  const bool needed = stopping_ || !finished_.empty() || !changed_.empty() ||
                      !lines_.empty() || NextWake() < wake_at_;
  if (!needed) return;
  asleep_ = false;
  const uint64_t one = 1;
  (void)!write(wake_.get(), &one, sizeof one);
}

ScannerPool::Loop::Clock::time_point ScannerPool::Loop::NextWake() const {
  auto next = requests_.NextDue();
  if (Missing() > 0) next = std::min(next, start_at_);
  for (const auto& [number, scanner] : scanners_) {
    if (scanner->state == ScannerStatus::State::kStarting) {
      next = std::min(next, scanner->started() + kStartTime);
    }
  }
  if (!ended_.empty()) next = std::min(next, Clock::now() + kReapTime);
  return next;
}

void ScannerPool::Loop::StopAll(Lock& lock) {
  for (Pending& pending : requests_.RemoveAll()) {
    Finish(std::move(pending), Reason::kStopped);
  }
  if (on_changed_) {
    changed_.emplace_back(std::exchange(on_changed_, nullptr),
                          Error{Code::kUnavailable, "the pool was stopped"});
  }
  for (const auto& [number, scanner] : scanners_) {
    scanner->error_output().Finish(lines_);
  }
  // All at once, then reaped one after another by their destructors.
  for (const auto& [number, scanner] : scanners_) scanner->process().Kill();
  scanners_.clear();
  ended_.clear();
  RunCallbacks(lock);
}

PoolStatus ScannerPool::Loop::status() const {
  const std::lock_guard lock(mutex_);
  PoolStatus status = counts_;
  for (const auto& [number, scanner] : scanners_) {
    status.scanners.push_back({scanner->process().pid(), scanner->state,
                               scanner->database().generation,
                               scanner->served(),
                               static_cast<unsigned>(scanner->held().size())});
  }
  status.database = current_ == nullptr ? 0 : current_->generation;
  status.queued = requests_.queued();
  status.killers = killers_.size();
  return status;
}

}  // namespace vitrine::scan
