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

// Text is seen in passing; what is not text may have to be searched for.
bool IsSearched(uint32_t pattern, const RuleDecl& rule) {
  return pattern < rule.strings.size() &&
         rule.strings[pattern].kind != StringDecl::Kind::kText;
}

Cost CostOfSet(const Selection& selection, const RuleDecl& rule) {
  if (selection.of_rules) return Cost::kMatches;
  const bool searched =
      std::any_of(selection.members.begin(), selection.members.end(),
                  [&](uint32_t member) { return IsSearched(member, rule); });
  if (searched) return Cost::kSearch;
  return selection.where == Selection::Where::kAnywhere ? Cost::kFound
                                                        : Cost::kMatches;
}

Cost OwnCost(const Expr& expr, const RuleDecl& rule) {
  switch (expr.op) {
    case Op::kFound:
      return IsSearched(expr.pattern, rule) ? Cost::kSearch : Cost::kFound;
    case Op::kOf:
      return CostOfSet(*expr.selection, rule);
    case Op::kName:
      return expr.resolved.kind == Resolved::Kind::kRule ? Cost::kMatches
                                                         : Cost::kNothing;
    case Op::kFoundAt:
    case Op::kFoundIn:
    case Op::kCount:
    case Op::kCountIn:
    case Op::kOffset:
    case Op::kLength:
      return IsSearched(expr.pattern, rule) ? Cost::kSearch : Cost::kMatches;
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

Cost CostOf(const Expr& expr, const RuleDecl& rule) {
  Cost cost = OwnCost(expr, rule);
  ForEachKid(
      expr, [&](const Expr& kid) { cost = std::max(cost, CostOf(kid, rule)); });
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
