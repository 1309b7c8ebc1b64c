// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engine/clamav/expression.h"

namespace vitrine::engine::clamav {
namespace {

using Compare = Expression::Compare;

ir::Gate Simple(ir::Gate::Kind kind) {
  ir::Gate gate;
  gate.kind = kind;
  return gate;
}

// Whether the comparison can hold for a count of zero, and for any at all.
bool TakesZero(Compare compare, uint32_t count) {
  return (compare == Compare::kEqual && count == 0) ||
         (compare == Compare::kLess && count > 0);
}
bool TakesNothing(Compare compare, uint32_t count) {
  return (compare == Compare::kLess && count == 0) ||
         (compare == Compare::kMore && count == UINT32_MAX);
}

void CollectLeaves(const Expression& expression,
                   const std::function<ir::Gate(uint32_t id)>& leaf,
                   std::vector<ir::Gate>& out) {
  ForEachId(expression, [&](uint32_t id) { out.push_back(leaf(id)); });
}

}  // namespace

ir::Gate AllOf(std::vector<ir::Gate> gates) {
  ir::Gate all;
  all.kind = ir::Gate::Kind::kAtLeast;
  for (ir::Gate& gate : gates) {
    if (gate.kind == ir::Gate::Kind::kNever) return gate;
    if (gate.kind == ir::Gate::Kind::kAlways) continue;
    all.children.push_back(std::move(gate));
  }
  if (all.children.empty()) return Simple(ir::Gate::Kind::kAlways);
  if (all.children.size() == 1) {
    ir::Gate only = std::move(all.children[0]);
    return only;
  }
  all.at_least = static_cast<uint32_t>(all.children.size());
  return all;
}

ir::Gate AnyOf(std::vector<ir::Gate> gates) {
  ir::Gate any;
  any.kind = ir::Gate::Kind::kAtLeast;
  for (ir::Gate& gate : gates) {
    if (gate.kind == ir::Gate::Kind::kAlways) return gate;
    if (gate.kind == ir::Gate::Kind::kNever) continue;
    any.children.push_back(std::move(gate));
  }
  if (any.children.empty()) return Simple(ir::Gate::Kind::kNever);
  if (any.children.size() == 1) {
    ir::Gate only = std::move(any.children[0]);
    return only;
  }
  any.at_least = 1;
  return any;
}

ir::Gate GateOf(const Expression& expression,
                const std::function<ir::Gate(uint32_t id)>& leaf) {
  const Compare compare = expression.compare;
  if (compare != Compare::kNone && TakesNothing(compare, expression.count)) {
    return Simple(ir::Gate::Kind::kNever);
  }
  const bool zero =
      compare != Compare::kNone && TakesZero(compare, expression.count);
  if (expression.kind == Expression::Kind::kId) {
    return zero ? Simple(ir::Gate::Kind::kAlways) : leaf(expression.id);
  }
  // A block whose inside does not hold counts as nothing, with no ids.
  if (zero && expression.distinct == 0) {
    return Simple(ir::Gate::Kind::kAlways);
  }
  std::vector<ir::Gate> children;
  for (const Expression& child : expression.children) {
    children.push_back(GateOf(child, leaf));
  }
  ir::Gate inside = expression.kind == Expression::Kind::kAll
                        ? AllOf(std::move(children))
                        : AnyOf(std::move(children));
  if (compare == Compare::kNone || zero) return inside;
  // A sum above zero: something below has a match.
  std::vector<ir::Gate> leaves;
  CollectLeaves(expression, leaf, leaves);
  std::vector<ir::Gate> both;
  both.push_back(std::move(inside));
  // What `inside` says about leaves is mostly this already.
  if (both[0].kind == ir::Gate::Kind::kAlways) {
    both.push_back(AnyOf(std::move(leaves)));
  }
  return AllOf(std::move(both));
}

}  // namespace vitrine::engine::clamav
