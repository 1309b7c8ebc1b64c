// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/deadline.h"
#include "config/config.h"
#include "response/judge.h"

namespace vitrine::guard {

// Why an open was answered as it was; a reason travels as this, not as text.
enum class Reason : uint8_t {
  kScanned,
  kCached,
  kExcluded,
  kDeadline,
  kError,
  kLimited,
  kBusy,  // Too many opens waited.
};
const char* ReasonWord(Reason reason);

struct Decision {
  config::Access access = config::Access::kAllow;
  Reason reason = Reason::kScanned;
  bool found = false;
};

// When the judge must have answered: a part of the time is kept back to be able
// to say something at all.
Deadline ScanDeadline(Deadline open, Deadline::Clock::time_point now);

// What the opener gets for this verdict. Late and unknown are not clean: the
// operator chose which way to err.
Decision Decide(Verdict verdict, const config::GuardConfig& config);
// The same where there is no verdict at all.
Decision DecideWithout(Reason reason, const config::GuardConfig& config);

// Whether the rule is one whose finds are to be left alone.
bool IsExcludedRule(const config::GuardConfig& config, std::string_view rule);

}  // namespace vitrine::guard
