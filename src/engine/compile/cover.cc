// SPDX-License-Identifier: Apache-2.0
#include "engine/compile/cover.h"

#include <algorithm>
#include <limits>

#include "engine/compile/limits.h"

namespace vitrine::engine::compile {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

class Picker {
 public:
  Picker(const std::function<PatternCost(uint32_t)>& cost,
         const std::function<Cover(uint32_t)>& rule)
      : cost_(cost), rule_(rule) {}

  Cover Pick(const ir::Gate& gate, int depth) const {
    if (depth > kGateDepthMax) return {{}, kInfinite};
    switch (gate.kind) {
      case ir::Gate::Kind::kAlways:
        return {{}, kInfinite};
      case ir::Gate::Kind::kNever:
        return {};
      case ir::Gate::Kind::kPattern: {
        const PatternCost pattern = cost_(gate.index);
        return {{pattern.number}, pattern.cost};
      }
      case ir::Gate::Kind::kRule:
        return rule_(gate.index);
      case ir::Gate::Kind::kAtLeast:
        return AtLeast(gate, depth);
    }
    return {{}, kInfinite};
  }

 private:
  Cover AtLeast(const ir::Gate& gate, int depth) const {
    if (gate.at_least == 0) return {{}, kInfinite};
    if (gate.at_least > gate.children.size()) return {};  // Cannot hold.
    std::vector<Cover> covers;
    for (const ir::Gate& child : gate.children) {
      covers.push_back(Pick(child, depth + 1));
    }
    std::stable_sort(
        covers.begin(), covers.end(),
        [](const Cover& a, const Cover& b) { return a.cost < b.cost; });
    Cover all;
    for (size_t i = 0; i + gate.at_least <= covers.size(); ++i) {
      all.cost += covers[i].cost;
      all.patterns.insert(all.patterns.end(), covers[i].patterns.begin(),
                          covers[i].patterns.end());
    }
    return all;
  }

  const std::function<PatternCost(uint32_t)>& cost_;
  const std::function<Cover(uint32_t)>& rule_;
};

}  // namespace

Cover CheapestCover(const ir::Gate& gate,
                    const std::function<PatternCost(uint32_t)>& cost,
                    const std::function<Cover(uint32_t)>& rule) {
  Cover cover = Picker(cost, rule).Pick(gate, 0);
  std::sort(cover.patterns.begin(), cover.patterns.end());
  cover.patterns.erase(
      std::unique(cover.patterns.begin(), cover.patterns.end()),
      cover.patterns.end());
  return cover;
}

}  // namespace vitrine::engine::compile
