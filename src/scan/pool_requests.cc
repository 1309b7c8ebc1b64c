// SPDX-License-Identifier: Apache-2.0
// The pool's requests: from Submit() to the outcome.
#include <sys/stat.h>

#include <algorithm>

#include "scan/pool_loop.h"

namespace vitrine::scan {
namespace {

using State = ScannerStatus::State;

// Whole milliseconds until `pending` must be answered, at least one.
uint32_t MillisecondsLeft(const Pending& pending,
                          Deadline::Clock::time_point now) {
  std::chrono::nanoseconds left = pending.request.scan_time;
  if (pending.request.deadline.at != Deadline::Clock::time_point::max()) {
    left = std::min<std::chrono::nanoseconds>(
        left, pending.request.deadline.at - now);
  }
  constexpr int64_t kMost = wire::ScanRequest::kNoDeadline;
  return static_cast<uint32_t>(
      std::clamp<int64_t>(left / std::chrono::milliseconds(1), 1, kMost));
}

}  // namespace

void ScannerPool::Loop::Submit(UniqueFd sample, Request request,
                               Callback callback) {
  Pending pending;
  pending.submitted = Clock::now();
  pending.request = std::move(request);
  pending.callback = std::move(callback);
  pending.sample = std::move(sample);
  struct stat status = {};
  const bool readable = fstat(pending.sample.get(), &status) == 0;
  pending.identity = SampleIdentity::Of(status);
  pending.size = static_cast<uint64_t>(status.st_size);

  const std::lock_guard lock(mutex_);
  if (!readable) {
    Finish(std::move(pending), Reason::kUnreadable);
  } else if (killers_.Knows(pending.identity)) {
    Finish(std::move(pending), Reason::kKillsScanners);
  } else if (failed_starts_ >= kFailedStartsMax && !HasReady()) {
    Finish(std::move(pending), Reason::kNoScanner, counts_.start_error);
  } else if (requests_.queued() >= kQueuedMax) {
    Finish(std::move(pending), Reason::kBusy);
  } else {
    requests_.Add(std::move(pending));
    Dispatch();
  }
  WakeIfNeeded();
}

void ScannerPool::Loop::Dispatch() {
  while (Pending* const pending = requests_.First()) {
    ScannerProcess* const scanner = ScannerFor(*pending);
    if (scanner == nullptr || !Give(*scanner, *pending)) return;
  }
}

// An idle one, else the one that holds least, if it may hold more.
ScannerProcess* ScannerPool::Loop::ScannerFor(const Pending& pending) {
  ScannerProcess* best = nullptr;
  for (const auto& [number, scanner] : scanners_) {
    if (scanner->state != State::kServing) continue;
    const size_t holds = scanner->held().size();
    if (holds >= options_.pipeline) continue;
    if (holds > 0 &&
        (pending.size > kPipelineBytesMax ||
         scanner->held_bytes() > kPipelineBytesMax - pending.size)) {
      continue;
    }
    if (best == nullptr || holds < best->held().size()) best = scanner.get();
  }
  return best;
}

// False if it could not be sent; it stays the first of the queue then.
bool ScannerPool::Loop::Give(ScannerProcess& scanner, Pending& pending) {
  wire::ScanRequest message;
  message.id = pending.id;
  message.left_ms = MillisecondsLeft(pending, Clock::now());
  message.flags = (pending.request.all_match ? wire::kAllMatch : 0u) |
                  (pending.request.full_report ? wire::kFullReport : 0u);
  message.path = pending.request.path;
  message.owner = pending.request.owner;
  const auto sent = scanner.Give(message, pending.sample.get(), pending.size);
  if (!sent.ok()) {
    // The descriptor cannot be passed on: none that the kernel lets go.
    auto removed = requests_.Remove(pending.id);
    Finish(std::move(*removed), Reason::kUnreadable, sent.error().message);
    return true;
  }
  if (sent.value() != wire::Channel::State::kDone) return false;
  requests_.TakeFirst();
  if (scanner.held().size() == 1) Begin(scanner);
  return true;
}

// The first request that `scanner` holds is at work from now on.
void ScannerPool::Loop::Begin(ScannerProcess& scanner) {
  if (scanner.held().empty()) return;
  Pending* const pending = requests_.Find(scanner.held().front().id);
  if (pending == nullptr) return;
  pending->began = Clock::now();
  requests_.Reschedule(*pending);
}

void ScannerPool::Loop::AnswerDue() {
  const auto now = Clock::now();
  for (const uint64_t id : requests_.DueBy(now)) {
    Pending* const pending = requests_.Find(id);
    if (pending == nullptr) continue;
    if (!pending->began) {
      ++counts_.timeouts;
      if (requests_.IsQueued(id)) {
        Finish(*requests_.Remove(id), Reason::kTimeout);
      } else {
        Abandon(*pending);
      }
      continue;
    }
    for (const auto& [number, scanner] : scanners_) {
      if (scanner->held().empty() || scanner->held().front().id != id) continue;
      OnDeath(number, Reason::kTimeout, {});
      break;
    }
  }
}

// Its answer is due and a scanner has not begun with it.
void ScannerPool::Loop::Abandon(Pending& pending) {
  Pending answered;
  answered.callback = std::exchange(pending.callback, nullptr);
  answered.size = pending.size;
  answered.submitted = pending.submitted;
  Finish(std::move(answered), Reason::kTimeout);
  pending.request.deadline = Deadline::Never();
  pending.request.scan_time = std::min<std::chrono::nanoseconds>(
      pending.request.scan_time, kAbandonedTime);
  requests_.Reschedule(pending);
}

void ScannerPool::Loop::Finish(Pending pending, Outcome outcome) {
  if (pending.callback == nullptr) return;
  finished_.emplace_back(std::move(pending.callback), std::move(outcome));
}

void ScannerPool::Loop::Finish(Pending pending, Reason reason,
                               std::string detail) {
  Outcome outcome;
  outcome.reason = reason;
  outcome.size = pending.size;
  outcome.detail = std::move(detail);
  outcome.database = current_ == nullptr ? 0 : current_->generation;
  outcome.spent = Clock::now() - pending.submitted;
  Finish(std::move(pending), std::move(outcome));
}

}  // namespace vitrine::scan
