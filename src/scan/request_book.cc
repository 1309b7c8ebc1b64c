// SPDX-License-Identifier: Apache-2.0
#include "scan/request_book.h"

#include <algorithm>

namespace vitrine::scan {

Pending::TimePoint Pending::DueAt() const {
  TimePoint due = request.deadline.at;
  // Compared as a distance: a point too far away has no number.
  if (began && request.scan_time < TimePoint::max() - *began) {
    due = std::min(due, *began + request.scan_time);
  }
  return due;
}

void RequestBook::Add(Pending pending) {
  const uint64_t id = ++last_id_;
  pending.id = id;
  const TimePoint due = pending.DueAt();
  entries_.emplace(id, Entry{std::move(pending), due, true});
  queue_.push_back(id);
  ++queued_;
  if (due != TimePoint::max()) due_.emplace(due, id);
}

Pending* RequestBook::First() {
  while (!queue_.empty()) {
    const auto entry = entries_.find(queue_.front());
    if (entry != entries_.end() && entry->second.queued) {
      return &entry->second.pending;
    }
    queue_.pop_front();
  }
  return nullptr;
}

void RequestBook::TakeFirst() {
  Pending* const first = First();
  if (first == nullptr) return;
  entries_.at(first->id).queued = false;
  queue_.pop_front();
  --queued_;
}

void RequestBook::PutFirst(uint64_t id) {
  const auto entry = entries_.find(id);
  if (entry == entries_.end() || entry->second.queued) return;
  entry->second.queued = true;
  entry->second.pending.began.reset();
  Reschedule(entry->second.pending);
  queue_.push_front(id);
  ++queued_;
}

Pending* RequestBook::Find(uint64_t id) {
  const auto entry = entries_.find(id);
  return entry == entries_.end() ? nullptr : &entry->second.pending;
}

bool RequestBook::IsQueued(uint64_t id) const {
  const auto entry = entries_.find(id);
  return entry != entries_.end() && entry->second.queued;
}

void RequestBook::Reschedule(Pending& pending) {
  Entry& entry = entries_.at(pending.id);
  const TimePoint due = pending.DueAt();
  if (due == entry.due) return;
  due_.erase({entry.due, pending.id});
  if (due != TimePoint::max()) due_.emplace(due, pending.id);
  entry.due = due;
}

std::optional<Pending> RequestBook::Remove(uint64_t id) {
  const auto entry = entries_.find(id);
  if (entry == entries_.end()) return std::nullopt;
  if (entry->second.queued) --queued_;
  due_.erase({entry->second.due, id});
  std::optional<Pending> pending = std::move(entry->second.pending);
  entries_.erase(entry);
  return pending;
}

std::vector<Pending> RequestBook::RemoveQueued() {
  std::vector<Pending> removed;
  while (const Pending* first = First()) {
    removed.push_back(*Remove(first->id));
  }
  return removed;
}

std::vector<Pending> RequestBook::RemoveAll() {
  std::vector<uint64_t> ids;
  for (const auto& [id, entry] : entries_) ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  std::vector<Pending> removed;
  for (const uint64_t id : ids) removed.push_back(*Remove(id));
  return removed;
}

std::vector<uint64_t> RequestBook::DueBy(TimePoint now) const {
  std::vector<uint64_t> ids;
  for (const auto& [due, id] : due_) {
    if (due > now) break;
    ids.push_back(id);
  }
  return ids;
}

RequestBook::TimePoint RequestBook::NextDue() const {
  return due_.empty() ? TimePoint::max() : due_.begin()->first;
}

}  // namespace vitrine::scan
