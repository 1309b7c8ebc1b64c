// SPDX-License-Identifier: Apache-2.0
#include "cli/item_outcome.h"

#include <utility>

namespace vitrine::cli {

std::optional<Outcome> OutcomeWithoutScan(const WalkItem& item) {
  Outcome outcome;
  outcome.path = item.path;
  switch (item.kind) {
    case WalkItem::Kind::kFile:
    case WalkItem::Kind::kInput:
      return std::nullopt;
    case WalkItem::Kind::kError:
      return FailedOutcome(item, item.why);
    case WalkItem::Kind::kLimited:
      outcome.report.verdict = Verdict::kLimited;
      outcome.report.limits.push_back({"", item.why, "folder not entered"});
      return outcome;
    case WalkItem::Kind::kSkipped:
      outcome.skipped = item.why;
      return outcome;
  }
  return std::nullopt;
}

Outcome FailedOutcome(const WalkItem& item, std::string message) {
  Outcome outcome;
  outcome.path = item.path;
  outcome.report.verdict = Verdict::kError;
  outcome.report.errors.push_back(std::move(message));
  return outcome;
}

}  // namespace vitrine::cli
