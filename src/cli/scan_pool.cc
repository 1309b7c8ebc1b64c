// SPDX-License-Identifier: Apache-2.0
#include "cli/scan_pool.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "cli/limits.h"

namespace vitrine::cli {
namespace {

struct Numbered {
  uint64_t number = 0;
  WalkItem item;
};

// What walk, workers and the caller hand each other. Thread-safe.
class Exchange {
 public:
  // The walk's side. Waits while too much is queued or unprinted.
  void Put(WalkItem item) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] {
      return queue_.size() < kQueuedInputs &&
             found_ - taken_ < kWaitingOutcomes;
    });
    queue_.push_back({found_++, std::move(item)});
    work_.notify_one();
  }
  void Close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    work_.notify_all();
    done_.notify_all();
  }

  // The workers' side. nullopt: nothing more will come.
  std::optional<Numbered> Get() {
    std::unique_lock lock(mutex_);
    work_.wait(lock, [&] { return closed_ || !queue_.empty(); });
    if (queue_.empty()) return std::nullopt;
    Numbered next = std::move(queue_.front());
    queue_.pop_front();
    room_.notify_one();
    return next;
  }
  void Finish(uint64_t number, Outcome outcome) {
    const std::lock_guard lock(mutex_);
    finished_.emplace(number, std::move(outcome));
    if (number == taken_) done_.notify_one();
  }

  // The caller's side: the next outcome in order; nullopt when all are taken.
  std::optional<Outcome> Take() {
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] {
      return finished_.contains(taken_) || (closed_ && taken_ == found_);
    });
    const auto next = finished_.find(taken_);
    if (next == finished_.end()) return std::nullopt;
    Outcome outcome = std::move(next->second);
    finished_.erase(next);
    ++taken_;
    room_.notify_one();
    return outcome;
  }

 private:
  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable room_;
  std::condition_variable done_;
  std::deque<Numbered> queue_;
  std::map<uint64_t, Outcome> finished_;
  uint64_t found_ = 0;
  uint64_t taken_ = 0;
  bool closed_ = false;
};

}  // namespace

void ScanAll(Walker& walker, unsigned jobs, const MakeItemScanner& make,
             const TakeOutcome& take) {
  if (jobs <= 1) {
    const auto scanner = make();
    while (const auto item = walker.Next()) take(scanner->Scan(*item));
    return;
  }
  Exchange exchange;
  std::jthread walk([&] {
    while (auto item = walker.Next()) exchange.Put(std::move(*item));
    exchange.Close();
  });
  std::vector<std::jthread> workers;
  for (unsigned i = 0; i < jobs; ++i) {
    workers.emplace_back([&] {
      const auto scanner = make();
      while (auto next = exchange.Get()) {
        exchange.Finish(next->number, scanner->Scan(next->item));
      }
    });
  }
  while (const auto outcome = exchange.Take()) take(*outcome);
}

}  // namespace vitrine::cli
