// SPDX-License-Identifier: Apache-2.0
#include "engine/yara/cost.h"

#include <algorithm>

namespace vitrine::engine::yara {
namespace {

// Calls `visit` with every expression directly below `expr`.
template <typename Visit>
void ForEachKid(const Expr& expr, Visit visit) {
  for (const ExprPtr& kid : expr.kids) visit(*kid);
  if (expr.quantifier.value) visit(*expr.quantifier.value);
  if (expr.selection) {
    for (const ExprPtr& bound : expr.selection->bounds) visit(*bound);
  }
  if (expr.loop) {
    for (const ExprPtr& item : expr.loop->items) visit(*item);
  }
}

Cost OwnCost(const Expr& expr) {
  switch (expr.op) {
    case Op::kFound:
      return Cost::kFound;
    case Op::kOf:
      return expr.selection->where == Selection::Where::kAnywhere &&
                     !expr.selection->of_rules
                 ? Cost::kFound
                 : Cost::kMatches;
    case Op::kName:
      return expr.resolved.kind == Resolved::Kind::kRule ? Cost::kMatches
                                                         : Cost::kNothing;
    case Op::kFoundAt:
    case Op::kFoundIn:
    case Op::kCount:
    case Op::kCountIn:
    case Op::kOffset:
    case Op::kLength:
      return Cost::kMatches;
    case Op::kEntrypoint:
      return Cost::kModule;
    case Op::kMember:
      return expr.resolved.field->is_constant ? Cost::kNothing : Cost::kModule;
    case Op::kCall:
    case Op::kMatches:
    case Op::kForOf:
    case Op::kForIn:
      return Cost::kHeavy;
    default:
      return Cost::kNothing;
  }
}

}  // namespace

Cost CostOf(const Expr& expr) {
  Cost cost = OwnCost(expr);
  ForEachKid(expr,
             [&](const Expr& kid) { cost = std::max(cost, CostOf(kid)); });
  return cost;
}

bool HasEffect(const Expr& expr) {
  if (expr.op == Op::kCall && expr.resolved.module->name == "console") {
    return true;
  }
  bool effect = false;
  ForEachKid(expr, [&](const Expr& kid) { effect = effect || HasEffect(kid); });
  return effect;
}

}  // namespace vitrine::engine::yara
