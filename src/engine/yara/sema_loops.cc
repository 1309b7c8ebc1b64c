// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "engine/yara/limits.h"
#include "engine/yara/sema.h"

// Quantifiers: `of` and `for`.
namespace vitrine::engine::yara {
namespace {

using modules::Field;
using modules::Type;

}  // namespace

bool Checker::VisitQuantifier(Quantifier& quantifier, Position at) {
  if (!quantifier.value) return true;
  Expr& value = *quantifier.value;
  if (quantifier.kind == Quantifier::Kind::kPercent) {
    if (!VisitInteger(value, "%")) return false;
    if (!value.known || (*value.known >= 1 && *value.known <= 100)) {
      return true;
    }
    return Fail("invalid-percentage", value.at,
                "percentage must be between 1 and 100 (inclusive)");
  }
  if (!Visit(value)) return false;
  if (value.type != ValueType::kInteger && value.type != ValueType::kBool) {
    return Fail("invalid-value", value.at,
                "invalid value in condition: \"" +
                    std::string(TypeName(value.type)) +
                    " in for_expression is invalid\"");
  }
  if (!value.known) return true;
  if (*value.known < 0) {
    return Fail(
        "invalid-value", value.at,
        "invalid value in condition: \"" + std::to_string(*value.known) + "\"");
  }
  if (*value.known == 0) {
    reporter_.Warn("use-none", at,
                   "consider using \"none\" keyword, it is less ambiguous.");
  }
  return true;
}

bool Checker::VisitOf(Expr& expr) {
  Selection& set = *expr.selection;
  if (!VisitQuantifier(expr.quantifier, expr.at)) return false;
  if (!(set.of_rules ? ResolveRules(set) : ResolveStrings(set))) return false;
  const auto size = static_cast<int64_t>(set.members.size());
  const bool counted = expr.quantifier.kind == Quantifier::Kind::kCount &&
                       expr.quantifier.value->known;
  const int64_t wanted = counted ? *expr.quantifier.value->known : 0;
  if (wanted > size) {
    reporter_.Warn("always-false", expr.at,
                   "expression always false - requesting " +
                       std::to_string(wanted) + " of " + std::to_string(size) +
                       ".");
  }
  if (set.where == Selection::Where::kIn) {
    return CheckRange(*set.bounds[0], *set.bounds[1]);
  }
  if (set.where == Selection::Where::kAnywhere) return true;
  Expr& at = *set.bounds[0];
  if (!Visit(at)) return false;
  if (at.type != ValueType::kInteger) {
    return Fail("invalid-value", at.at,
                "invalid value in condition: "
                "\"at expression must be an integer\"");
  }
  const bool several =
      wanted > 1 ||
      (expr.quantifier.kind == Quantifier::Kind::kAll && size > 1);
  if (several) {
    reporter_.Warn("several-strings-at-offset", expr.at,
                   "multiple strings at an offset is usually false.");
  }
  return true;
}

bool Checker::EnterLoop(Position at) {
  if (loops_ >= kLoopDepthMax) {
    return Fail("loop-nesting", at, "loop nesting limit exceeded");
  }
  ++loops_;
  return true;
}

bool Checker::VisitForOf(Expr& expr) {
  if (in_string_loop_) {
    return Fail("nested-of-loop", expr.at,
                "'for <quantifier> of <string set>' loops can't be nested");
  }
  if (!VisitQuantifier(expr.quantifier, expr.at) ||
      !ResolveStrings(*expr.selection) || !EnterLoop(expr.at)) {
    return false;
  }
  in_string_loop_ = true;
  const bool ok = VisitTruth(*expr.kids[0]);
  in_string_loop_ = false;
  --loops_;
  return ok;
}

bool Checker::VisitForIn(Expr& expr) {
  if (!VisitQuantifier(expr.quantifier, expr.at) || !EnterLoop(expr.at)) {
    return false;
  }
  const size_t outer = variables_.size();
  bool ok = BindVariables(expr);
  ok = ok && VisitTruth(*expr.kids[0]);
  variables_.resize(outer);
  --loops_;
  return ok;
}

bool Checker::BindVariables(Expr& expr) {
  Loop& loop = *expr.loop;
  loop.first_slot = static_cast<uint32_t>(variables_.size());
  for (size_t i = 0; i < loop.variables.size(); ++i) {
    const std::string& name = loop.variables[i];
    bool taken = i > 0 && loop.variables[0] == name;
    for (const Variable& variable : variables_) {
      taken = taken || variable.name == name;
    }
    if (taken) {
      return Fail("duplicated-loop-identifier", expr.at,
                  "duplicated loop identifier \"" + name + "\"");
    }
  }
  if (loop.kind == Loop::Kind::kObject) return BindObject(expr);
  if (loop.variables.size() != 1) {
    return Fail("wrong-loop-variables", expr.at,
                "iterator yields one value on each iteration, but the loop "
                "expects " +
                    std::to_string(loop.variables.size()));
  }
  if (loop.kind == Loop::Kind::kList) return BindList(expr);
  if (!CheckRange(*loop.items[0], *loop.items[1])) return false;
  variables_.push_back({loop.variables[0], ValueType::kInteger, nullptr});
  return true;
}

bool Checker::BindList(Expr& expr) {
  Loop& loop = *expr.loop;
  for (ExprPtr& item : loop.items) {
    if (!Visit(*item)) return false;
    if (item->type != loop.items[0]->type) {
      return Fail("wrong-type", item->at,
                  "enumerations must be all the same type");
    }
  }
  const ValueType type = loop.items[0]->type;
  if (type != ValueType::kInteger && type != ValueType::kText) {
    return Fail("wrong-type", expr.at, "wrong type for enumeration item");
  }
  variables_.push_back({loop.variables[0], type, nullptr});
  return true;
}

bool Checker::BindObject(Expr& expr) {
  Loop& loop = *expr.loop;
  Expr& object = *loop.items[0];
  if (!VisitObject(object)) return false;
  const Field* field = object.resolved.field;
  const bool is_list = object.type == ValueType::kObject && field != nullptr &&
                       !object.resolved.is_element;
  const Expr* named = &object;
  while (named->op == Op::kIndex || named->op == Op::kCall) {
    named = named->kids[0].get();
  }
  if (!is_list || (field->type != Type::kArray && field->type != Type::kDict)) {
    return Fail("not-iterable", object.at,
                "identifier \"" + named->text + "\" is not iterable");
  }
  const bool is_dict = field->type == Type::kDict;
  loop.shape = is_dict ? Loop::Shape::kDict : Loop::Shape::kArray;
  if (loop.variables.size() != (is_dict ? 2u : 1u)) {
    return Fail("wrong-loop-variables", expr.at,
                "iterator for \"" + named->text + "\" yields a " +
                    (is_dict ? "key,value pair" : "single") +
                    " item on each iteration");
  }
  if (is_dict) {
    variables_.push_back({loop.variables[0], ValueType::kText, nullptr});
  }
  Variable element{loop.variables.back(), ValueType::kObject, &object};
  if (field->element == Type::kInt || field->element == Type::kBool) {
    element.type = ValueType::kInteger;
  } else if (field->element == Type::kFloat) {
    element.type = ValueType::kFloat;
  } else if (field->element == Type::kString) {
    element.type = ValueType::kText;
  }
  variables_.push_back(std::move(element));
  return true;
}

}  // namespace vitrine::engine::yara
