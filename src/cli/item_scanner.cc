// SPDX-License-Identifier: Apache-2.0
#include "cli/item_scanner.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "cli/limits.h"

namespace vitrine::cli {
namespace {

// What the walk, the scanner and the caller hand each other. Thread-safe.
class Exchange {
 public:
  // The walk's side: a number for the next item. Waits while too much is at
  // work or unprinted; then until there is room for a few, so that the threads
  // do not take turns for every single item.
  uint64_t Number() {
    std::unique_lock lock(mutex_);
    if (!HasRoom(0)) {
      walk_waits_ = true;
      room_.wait(lock, [&] { return HasRoom(kQueuedInputs / 2); });
      walk_waits_ = false;
    }
    return found_++;
  }
  void Close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    done_.notify_all();
  }

  // The scanner's side.
  void Finish(uint64_t number, Outcome outcome) {
    const std::lock_guard lock(mutex_);
    finished_.emplace(number, std::move(outcome));
    ++finished_count_;
    if (finished_.size() >= kTakenAtOnce || AllFinished()) done_.notify_one();
    if (walk_waits_ && HasRoom(kQueuedInputs / 2)) room_.notify_one();
  }

  // The caller's side: the next outcome in order; nullopt when all are taken.
  // Where there is none it looks again when many have come, or in a moment: to
  // be woken for each would cost as much as a small file's scan.
  std::optional<Outcome> Take() {
    std::unique_lock lock(mutex_);
    while (!finished_.contains(taken_)) {
      if (closed_ && taken_ == found_) return std::nullopt;
      done_.wait_for(lock, kTakePeriod);
    }
    auto next = finished_.extract(taken_);
    ++taken_;
    if (walk_waits_ && HasRoom(kQueuedInputs / 2)) room_.notify_one();
    return std::move(next.mapped());
  }

 private:
  bool AllFinished() const { return closed_ && finished_count_ == found_; }
  // Whether there is room for more than `spare` items.
  bool HasRoom(size_t spare) const {
    return found_ - finished_count_ + spare < kQueuedInputs &&
           found_ - taken_ + spare < kWaitingOutcomes;
  }

  std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable done_;
  std::map<uint64_t, Outcome> finished_;
  uint64_t found_ = 0;
  uint64_t finished_count_ = 0;
  uint64_t taken_ = 0;
  bool walk_waits_ = false;
  bool closed_ = false;
};

}  // namespace

void ScanAll(Walker& walker, ItemScanner& scanner, const TakeOutcome& take) {
  Exchange exchange;
  const std::jthread walk([&] {
    while (auto item = walker.Next()) {
      const uint64_t number = exchange.Number();
      scanner.Begin(*std::move(item), [&exchange, number](Outcome outcome) {
        exchange.Finish(number, std::move(outcome));
      });
    }
    exchange.Close();
  });
  while (const auto outcome = exchange.Take()) take(*outcome);
}

}  // namespace vitrine::cli
