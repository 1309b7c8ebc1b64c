// SPDX-License-Identifier: Apache-2.0
// How the gate answers, and what it tells about it.
#include <fcntl.h>

#include "guard/gate.h"

namespace vitrine::guard {

using config::GuardMode;

namespace {

events::Event EventOf(const Decision& decision, bool denied) {
  events::Event event = decision.found
                            ? events::Make(events::DetectionActivity::kCreate)
                            : events::Make(events::FileActivity::kOpen);
  event.severity =
      decision.found ? events::Severity::kHigh : events::Severity::kMedium;
  event.action = denied ? events::Action::kDenied : events::Action::kAllowed;
  event.disposition =
      denied ? events::Disposition::kBlocked : events::Disposition::kDetected;
  if (!decision.found && !denied) {
    event.disposition = events::Disposition::kAllowed;
  }
  event.reason = ReasonWord(decision.reason);
  return event;
}

}  // namespace

void Gate::Give(std::vector<Reply> replies) {
  for (Reply& reply : replies) Give(std::move(reply));
}

// The record first, then the answer: what was let through or refused is known
// even if we die in between.
void Gate::Give(Reply reply) {
  const int file = reply.question.event.descriptor.get();
  const bool clean =
      !reply.decision.found && (reply.decision.reason == Reason::kScanned ||
                                reply.decision.reason == Reason::kCached);
  if (!clean) Report(reply);
  // While he waits: afterwards he may be gone.
  UniqueFd root;
  if (reply.decision.found && parts_.actions != nullptr) {
    root = parts_.openers.ForeignRoot(reply.question.event.pid);
  }
  const Status answered = parts_.permission.Answer(file, reply.decision.access);
  parts_.shared.deadlines[file] = 0;
  {
    const std::lock_guard lock(mutex_);
    if (!answered.ok()) ++counters_.unanswered;
    counters_.found += reply.decision.found;
    counters_.denied += reply.decision.access == Access::kDeny;
    counters_.late += reply.decision.reason == Reason::kDeadline;
    counters_.errors += reply.decision.reason == Reason::kError;
    counters_.limited += reply.decision.reason == Reason::kLimited;
    if (reply.question.held) {
      if (reply.question.keep == epoch_) {
        (void)kept_.Keep(std::move(reply.question.event.descriptor),
                         reply.question.facts);
      } else {
        kept_.Release(file);
      }
    }
  }
  if (reply.decision.found) ActOn(reply, std::move(root));
  if (reply.decision.reason == Reason::kDeadline) {
    // Nobody waits for it any more, and still it should be known.
    const std::lock_guard lock(mutex_);
    AddWritten(std::move(reply.question.event.descriptor),
               reply.question.facts);
  }
}

void Gate::AnswerAtOnce(KernelEvent event, Access access) {
  const int file = event.descriptor.get();
  const Status answered = parts_.permission.Answer(file, access);
  parts_.shared.deadlines[file] = 0;
  if (answered.ok()) return;
  const std::lock_guard lock(mutex_);
  ++counters_.unanswered;
}

void Gate::Report(const Reply& reply) {
  const Question& question = reply.question;
  events::Event event =
      EventOf(reply.decision, reply.decision.access == Access::kDeny);
  event.message = question.event.kind == KernelEvent::Kind::kExecute
                      ? "A program was started"
                      : "A file was opened";
  event.path = parts_.openers.PathOf(question.event.descriptor.get());
  event.device = question.facts.key.device;
  event.inode = question.facts.key.inode;
  event.size = question.facts.size;
  event.pid = static_cast<uint32_t>(question.event.pid);
  event.process = parts_.openers.Program(question.event.pid);
  if (reply.decision.found) {
    event.verdict = Verdict::kFound;
    event.rules.push_back(reply.rule);
  }
  event.database = std::to_string(reply.database);
  event.duration_us = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(reply.spent)
          .count());
  parts_.sink.Append(event);
}

// Mode `notify` reports and does nothing else.
void Gate::ActOn(Reply& reply, UniqueFd root) {
  if (parts_.actions == nullptr || config()->mode != GuardMode::kBlock) return;
  Found found;
  found.file = std::move(reply.question.event.descriptor);
  found.facts = reply.question.facts;
  found.path = parts_.openers.PathOf(found.file.get());
  found.root = std::move(root);
  found.rule = std::move(reply.rule);
  found.database = reply.database;
  parts_.actions->Act(std::move(found));
}

}  // namespace vitrine::guard
