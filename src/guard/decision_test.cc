// SPDX-License-Identifier: Apache-2.0
#include "guard/decision.h"

#include <gtest/gtest.h>

namespace vitrine::guard {
namespace {

using std::chrono::milliseconds;

milliseconds BudgetOf(milliseconds left) {
  const auto now = Deadline::Clock::now();
  return std::chrono::duration_cast<milliseconds>(
      ScanDeadline({now + left}, now).at - now);
}

TEST(Decision, ATenthOfTheTimeIsKeptBackWithinBounds) {
  EXPECT_EQ(BudgetOf(milliseconds(100)), milliseconds(80));
  EXPECT_EQ(BudgetOf(milliseconds(1000)), milliseconds(900));
  EXPECT_EQ(BudgetOf(milliseconds(60000)), milliseconds(59800));
}

TEST(Decision, EachWayToErrIsTheOperatorsChoice) {
  for (const auto deny : {false, true}) {
    config::GuardConfig config;
    const auto access = deny ? config::Access::kDeny : config::Access::kAllow;
    config.on_deadline = config.on_error = config.on_limited = access;
    EXPECT_EQ(Decide(Verdict::kError, config).access, access);
    EXPECT_EQ(Decide(Verdict::kLimited, config).access, access);
    EXPECT_EQ(DecideWithout(Reason::kDeadline, config).access, access);
    EXPECT_EQ(DecideWithout(Reason::kBusy, config).access, access);
    EXPECT_EQ(Decide(Verdict::kClean, config).access, config::Access::kAllow);
    EXPECT_EQ(Decide(Verdict::kFound, config).access, config::Access::kDeny);
  }
}

}  // namespace
}  // namespace vitrine::guard
