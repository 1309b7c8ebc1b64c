// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "engine/ir/program.h"

namespace vitrine::engine::compile {

// A set of patterns of which at least one must have matched for a rule to hold
// at all, and what finding them costs.
struct Cover {
  std::vector<uint32_t> patterns;  // Numbers of the caller's own.
  double cost = 0;                 // Infinite: the rule may always hold.
};

// Picks the cheapest cover from a gate. AND takes its cheapest child, OR all
// of them, "k of n" the n-k+1 cheapest: were all of those absent, fewer than k
// could hold.
//
// `cost` gives a pattern's cost and number, by its number in the rule; `rule`
// another rule's cover.
struct PatternCost {
  uint32_t number = 0;
  double cost = 0;
};
Cover CheapestCover(const ir::Gate& gate,
                    const std::function<PatternCost(uint32_t)>& cost,
                    const std::function<Cover(uint32_t)>& rule);

}  // namespace vitrine::engine::compile
