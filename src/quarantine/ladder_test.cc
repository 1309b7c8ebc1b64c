// SPDX-License-Identifier: Apache-2.0
#include "quarantine/ladder.h"

#include <gtest/gtest.h>

namespace vitrine::quarantine {
namespace {

using config::Action;
using Actions = std::vector<Action>;

config::Ladder LadderOf(std::string_view mask, Actions actions) {
  return {{config::Mask::Parse(mask).value()}, std::move(actions)};
}

TEST(Ladder, TakesTheFirstThatNamesTheRule) {
  config::QuarantineConfig config;
  config.ladders = {
      LadderOf("Heuristics.Phishing.*", {Action::kBlock}),
      LadderOf("Heuristics.*", {Action::kNotify}),
      LadderOf("**Ransom**", {Action::kDelete, Action::kBlock}),
  };
  EXPECT_EQ(ActionsFor(config, {"Heuristics.Phishing.A"}),
            Actions{Action::kBlock});
  EXPECT_EQ(ActionsFor(config, {"Heuristics.B"}), Actions{Action::kNotify});
  EXPECT_EQ(ActionsFor(config, {"Win.Ransom.A"}),
            (Actions{Action::kDelete, Action::kBlock}));
  EXPECT_EQ(ActionsFor(config, {"Win.Test.A"}), config.actions);
  EXPECT_EQ(ActionsFor(config, {}), config.actions);
}

TEST(Ladder, OfSeveralRulesHeedsTheHardest) {
  config::QuarantineConfig config;
  config.ladders = {
      LadderOf("Heuristics.*", {Action::kNotify}),
      LadderOf("Delete.*", {Action::kDelete}),
  };
  EXPECT_EQ(ActionsFor(config, {"Heuristics.A", "Win.Test"}), config.actions);
  EXPECT_EQ(ActionsFor(config, {"Heuristics.A", "Delete.B"}),
            Actions{Action::kDelete});
}

}  // namespace
}  // namespace vitrine::quarantine
