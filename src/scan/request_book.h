// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/deadline.h"
#include "base/unique_fd.h"
#include "scan/killers.h"
#include "scan/scanner_pool.h"

namespace vitrine::scan {

// A request that has no outcome yet.
struct Pending {
  using TimePoint = Deadline::Clock::time_point;

  uint64_t id = 0;
  UniqueFd sample;
  Request request;
  ScannerPool::Callback callback;  // Null: answered, a scanner still holds it.
  SampleIdentity identity;
  uint64_t size = 0;  // Of the sample.
  TimePoint submitted;
  // When a scanner began with it; nullopt while it waits for one, or waits in
  // one behind another.
  std::optional<TimePoint> began;

  // When it must be answered at the latest, as things stand.
  TimePoint DueAt() const;
};

// The requests of a pool: those that wait for a scanner, in their order, and
// all by their number and by their time. Thread-compatible.
class RequestBook {
 public:
  using TimePoint = Pending::TimePoint;

  // Numbers it and puts it at the end of the queue.
  void Add(Pending pending);

  // The first of the queue, or null.
  Pending* First();
  // It is with a scanner now.
  void TakeFirst();
  // It is back from a scanner that died: before all that wait.
  void PutFirst(uint64_t id);

  // Null if it is not there any more.
  Pending* Find(uint64_t id);
  bool IsQueued(uint64_t id) const;
  // To be called after `began` was set or reset.
  void Reschedule(Pending& pending);

  // Takes it out for good.
  std::optional<Pending> Remove(uint64_t id);
  std::vector<Pending> RemoveQueued();
  std::vector<Pending> RemoveAll();

  // Requests whose time is up.
  std::vector<uint64_t> DueBy(TimePoint now) const;
  // The earliest time at which one is; TimePoint::max() if none ever.
  TimePoint NextDue() const;

  size_t queued() const { return queued_; }

 private:
  struct Entry {
    Pending pending;
    TimePoint due;
    bool queued = true;
  };

  uint64_t last_id_ = 0;
  std::unordered_map<uint64_t, Entry> entries_;
  // May name requests that are not queued any more: they are passed over.
  std::deque<uint64_t> queue_;
  size_t queued_ = 0;
  std::set<std::pair<TimePoint, uint64_t>> due_;
};

}  // namespace vitrine::scan
