// SPDX-License-Identifier: Apache-2.0
#include "guard/decision.h"

#include "guard/limits.h"

namespace vitrine::guard {

using config::Access;
using config::GuardMode;

const char* ReasonWord(Reason reason) {
  switch (reason) {
    case Reason::kScanned:
      return "scanned";
    case Reason::kCached:
      return "cached";
    case Reason::kExcluded:
      return "excluded";
    case Reason::kDeadline:
      return "deadline";
    case Reason::kError:
      return "error";
    case Reason::kLimited:
      return "limited";
    case Reason::kBusy:
      return "busy";
  }
  return "error";
}

Deadline ScanDeadline(Deadline open, Deadline::Clock::time_point now) {
  using std::chrono::milliseconds;
  const auto left = std::chrono::duration_cast<milliseconds>(open.at - now);
  const auto headroom = std::clamp(left / 10, milliseconds(kHeadroomMin),
                                   milliseconds(kHeadroomMax));
  return Deadline{open.at - headroom};
}

Decision Decide(Verdict verdict, const config::GuardConfig& config) {
  switch (verdict) {
    case Verdict::kClean:
      return {Access::kAllow, Reason::kScanned, false};
    case Verdict::kFound:
      return {config.mode == GuardMode::kBlock ? Access::kDeny : Access::kAllow,
              Reason::kScanned, true};
    case Verdict::kLimited:
      return DecideWithout(Reason::kLimited, config);
    case Verdict::kError:
      return DecideWithout(Reason::kError, config);
  }
  return DecideWithout(Reason::kError, config);
}

Decision DecideWithout(Reason reason, const config::GuardConfig& config) {
  Access access = config.on_error;
  if (reason == Reason::kDeadline || reason == Reason::kBusy) {
    access = config.on_deadline;
  }
  if (reason == Reason::kLimited) access = config.on_limited;
  if (config.mode != GuardMode::kBlock) access = Access::kAllow;
  return {access, reason, false};
}

bool IsExcludedRule(const config::GuardConfig& config, std::string_view rule) {
  return config::AnyMatches(config.exclude_rules, rule);
}

}  // namespace vitrine::guard
