// SPDX-License-Identifier: Apache-2.0
// What the gate does with files after they were written.
#include <fcntl.h>

#include "base/wall_clock.h"
#include "guard/gate.h"
#include "guard/limits.h"
#include "response/limits.h"

namespace vitrine::guard {

// Drops what is known of the file, whatever wrote it: the time of change of a
// file that was written through a mapping need not have changed (tmpfs).
void Gate::OnWritten(KernelEvent event) {
  if (event.kind != KernelEvent::Kind::kWritten || !event.descriptor) return;
  const auto facts = FactsOf(event.descriptor.get());
  const std::lock_guard lock(mutex_);
  if (!facts.ok()) {
    ForgetAll();
    return;
  }
  kept_.Forget(facts.value().key);
  verdicts_.Forget(facts.value().key);
  const int file = event.descriptor.get();
  const bool worth = facts.value().regular() && facts.value().size > 0 &&
                     config_->mode != config::GuardMode::kOff &&
                     !parts_.openers.IsOurs(event.pid) &&
                     !IsExcludedWhenWritten(file);
  if (!worth) return;
  AddWritten(std::move(event.descriptor), facts.value());
}

bool Gate::IsExcludedWhenWritten(int file) const {
  const std::string path = parts_.openers.PathOf(file);
  return parts_.openers.IsOwnFile(file, path) ||
         config::AnyMatches(config_->exclude_paths, path);
}

void Gate::AddWritten(UniqueFd file, const FileFacts& facts) {
  const auto at = Deadline::Clock::now() + 2 * response::kTimeGrain;
  for (Written& waiting : written_) {
    if (waiting.facts.key != facts.key) continue;
    waiting.at = at;
    return;
  }
  if (!file) return;
  written_.push_back({std::move(file), facts, at, false});
  if (written_.size() > kWrittenMax) {
    written_.pop_front();
    ++counters_.written_dropped;
  }
}

// Nobody knows which files were written: nothing known is good any more.
void Gate::OnOverflow() {
  {
    const std::lock_guard lock(mutex_);
    ForgetAll();
    ++counters_.overflows;
    counters_.last_overflow_ns = UnixNowNs();
  }
  events::Event event = events::Make(events::LifecycleActivity::kOther);
  event.severity = events::Severity::kMedium;
  event.reason = "overflow";
  event.message =
      "The kernel dropped notices of written files; they are scanned when "
      "opened";
  parts_.sink.Append(event);
}

// Begins what is due; `lock` is given up meanwhile. A file waits a little after
// its close: it may be written again at once, and its time of change settles.
void Gate::ScanWritten(std::unique_lock<std::mutex>& lock) {
  while (!written_.empty() && judge_ != nullptr &&
         written_at_work_ < kWrittenAtWork &&
         written_.front().at <= Deadline::Clock::now()) {
    auto written = std::make_shared<Written>(std::move(written_.front()));
    written_.pop_front();
    written->held = kept_.Hold(written->file.get());
    const auto facts = FactsOf(written->file.get());
    UniqueFd sample(fcntl(written->file.get(), F_DUPFD_CLOEXEC, 0));
    const bool open_elsewhere = !written->held;
    if (!facts.ok() || !sample || open_elsewhere) {
      // It has a writer again: its next close brings it back.
      if (written->held) kept_.Release(written->file.get());
      continue;
    }
    written->facts = facts.value();
    ++written_at_work_;
    ++counters_.written;
    Judge* const judge = judge_;
    std::string path = parts_.openers.PathOf(written->file.get());
    lock.unlock();
    judge->Ask(std::move(sample), Deadline::After(kWrittenTime), Rules::kFirst,
               std::move(path), [this, written](Judgement judgement) {
                 OnWrittenJudgement(written, std::move(judgement));
               });
    lock.lock();
  }
}

void Gate::OnWrittenJudgement(std::shared_ptr<Written> written,
                              Judgement judgement) {
  Reply reply;
  reply.question.facts = written->facts;
  reply.question.held = written->held;
  reply.question.event.descriptor = std::move(written->file);
  reply.rule = judgement.rule;
  reply.database = judgement.database;
  const int file = reply.question.event.descriptor.get();
  {
    const std::lock_guard lock(mutex_);
    --written_at_work_;
    reply.decision = Decide(judgement.verdict, *config_);
    // Which of several rules held is asked when it is opened.
    if (IsExcludedRule(*config_, judgement.rule)) reply.decision.found = false;
    const bool found = reply.decision.found;
    counters_.found += found;
    if (judgement.verdict == Verdict::kClean || found) {
      Remember(reply.question, judgement);
    }
    if (reply.question.held) kept_.Release(file);
    if (!found) return;
  }
  events::Event event = events::Make(events::DetectionActivity::kCreate);
  event.severity = events::Severity::kHigh;
  event.verdict = Verdict::kFound;
  event.disposition = events::Disposition::kDetected;
  event.reason = "written";
  event.message = "A file was written";
  event.path = parts_.openers.PathOf(file);
  event.device = written->facts.key.device;
  event.inode = written->facts.key.inode;
  event.size = written->facts.size;
  event.rules.push_back(judgement.rule);
  event.database = std::to_string(judgement.database);
  parts_.sink.Append(event);
  ActOn(reply, {});  // Who wrote it may have gone.
}

}  // namespace vitrine::guard
