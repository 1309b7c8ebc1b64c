// SPDX-License-Identifier: Apache-2.0
#include "quarantine/ladder.h"

#include <algorithm>

namespace vitrine::quarantine {
namespace {

const std::vector<config::Action>& ActionsOf(
    const config::QuarantineConfig& config, const std::string& rule) {
  for (const config::Ladder& ladder : config.ladders) {
    for (const config::Mask& mask : ladder.rules) {
      if (mask.Matches(rule)) return ladder.actions;
    }
  }
  return config.actions;
}

}  // namespace

std::vector<config::Action> ActionsFor(const config::QuarantineConfig& config,
                                       const std::vector<std::string>& rules) {
  if (rules.empty()) return config.actions;
  const std::vector<config::Action>* hardest = nullptr;
  for (const std::string& rule : rules) {
    const auto& actions = ActionsOf(config, rule);
    // config::Action counts down from the hardest.
    if (hardest == nullptr || actions < *hardest) hardest = &actions;
  }
  return *hardest;
}

}  // namespace vitrine::quarantine
