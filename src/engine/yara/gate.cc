// SPDX-License-Identifier: Apache-2.0
#include "engine/yara/gate.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/yara/limits.h"

namespace vitrine::engine::yara {
namespace {

using ir::Gate;
using Kind = Gate::Kind;

// The string that `$` stands for; nullopt: outside of a loop over strings.
using Current = std::optional<uint32_t>;

Gate Always() { return {}; }

Gate Never() {
  Gate gate;
  gate.kind = Kind::kNever;
  return gate;
}

Gate Pattern(uint32_t index) {
  Gate gate;
  gate.kind = Kind::kPattern;
  gate.index = index;
  return gate;
}

// `count` of `children`, simplified.
Gate AtLeast(uint64_t count, std::vector<Gate> children) {
  std::vector<Gate> left;
  for (Gate& child : children) {
    if (child.kind == Kind::kAlways) {
      if (count > 0) --count;
    } else if (child.kind != Kind::kNever) {
      left.push_back(std::move(child));
    }
  }
  if (count == 0) return Always();
  if (count > left.size()) return Never();
  if (left.size() == 1) return std::move(left[0]);
  Gate gate;
  gate.kind = Kind::kAtLeast;
  gate.at_least = static_cast<uint32_t>(count);
  gate.children = std::move(left);
  return gate;
}

Gate All(std::vector<Gate> children) {
  const size_t count = children.size();
  return AtLeast(count, std::move(children));
}

// Two questions are asked of an expression: what must hold if it is true, and
// what must hold if it is defined at all. The second matters as comparisons
// with anything undefined are not true: `@a > 5` needs $a.
Gate IfTrue(const Expr& expr, Current current);
Gate IfDefined(const Expr& expr, Current current);

Gate PatternOf(const Expr& expr, Current current) {
  if (!expr.text.empty()) return Pattern(expr.pattern);
  return current ? Pattern(*current) : Always();
}

Gate KidsDefined(const Expr& expr, size_t first, Current current) {
  std::vector<Gate> gates;
  for (size_t i = first; i < expr.kids.size(); ++i) {
    gates.push_back(IfDefined(*expr.kids[i], current));
  }
  return All(std::move(gates));
}

Gate IfDefined(const Expr& expr, Current current) {
  switch (expr.op) {
    case Op::kOffset:
    case Op::kLength:
      return All({PatternOf(expr, current), KidsDefined(expr, 0, current)});
    case Op::kFoundAt:
    case Op::kFoundIn:
    case Op::kCountIn:
    case Op::kReadInteger:
    case Op::kNegate:
    case Op::kBitNot:
    case Op::kNot:
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kDivide:
    case Op::kModulo:
    case Op::kBitAnd:
    case Op::kBitOr:
    case Op::kBitXor:
    case Op::kShiftLeft:
    case Op::kShiftRight:
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
    case Op::kContains:
    case Op::kIContains:
    case Op::kStartsWith:
    case Op::kIStartsWith:
    case Op::kEndsWith:
    case Op::kIEndsWith:
    case Op::kIEquals:
    case Op::kMatches:
      return KidsDefined(expr, 0, current);
    default:
      return Always();
  }
}

bool IsCount(const Expr& expr) {
  return expr.op == Op::kCount || expr.op == Op::kCountIn;
}

// A sum of counts and of constants so small that it can't wrap.
bool IsSmallSum(const Expr& expr) {
  if (IsCount(expr)) return true;
  if (expr.constant) return *expr.constant >= 0 && *expr.constant < 1LL << 40;
  return expr.op == Op::kAdd && IsSmallSum(*expr.kids[0]) &&
         IsSmallSum(*expr.kids[1]);
}

// What is known of the value from below.
std::optional<int64_t> LowerBound(const Expr& expr) {
  if (expr.constant) return expr.constant;
  if (IsSmallSum(expr)) return 0;
  return std::nullopt;
}

// What must hold if the value is above zero.
Gate IfPositive(const Expr& expr, Current current) {
  if (expr.constant) return *expr.constant > 0 ? Always() : Never();
  if (IsCount(expr)) return PatternOf(expr, current);
  if (!IsSmallSum(expr)) return Always();
  std::vector<Gate> gates;
  for (const ExprPtr& kid : expr.kids) {
    gates.push_back(IfPositive(*kid, current));
  }
  return AtLeast(1, std::move(gates));
}

// Whether `value <op> other` says that the value is above zero.
bool SaysPositive(const Expr& value, Op op, const Expr& other) {
  const auto bound = LowerBound(other);
  if (!bound) return false;
  switch (op) {
    case Op::kGreater:
      return *bound >= 0;
    case Op::kGreaterEqual:
    case Op::kEqual:
      return *bound > 0;
    case Op::kNotEqual:
      return other.constant == 0 && IsSmallSum(value);
    default:
      return false;
  }
}

Op Mirrored(Op op) {
  switch (op) {
    case Op::kLess:
      return Op::kGreater;
    case Op::kLessEqual:
      return Op::kGreaterEqual;
    case Op::kGreater:
      return Op::kLess;
    case Op::kGreaterEqual:
      return Op::kLessEqual;
    default:
      return op;
  }
}

Gate Comparison(const Expr& expr, Current current) {
  const Expr& a = *expr.kids[0];
  const Expr& b = *expr.kids[1];
  std::vector<Gate> gates;
  gates.push_back(KidsDefined(expr, 0, current));
  if (SaysPositive(a, expr.op, b)) gates.push_back(IfPositive(a, current));
  if (SaysPositive(b, Mirrored(expr.op), a)) {
    gates.push_back(IfPositive(b, current));
  }
  return All(std::move(gates));
}

// How many of `size` a quantifier asks for at least; 0 where it is not known.
uint64_t Wanted(const Quantifier& quantifier, uint64_t size) {
  switch (quantifier.kind) {
    case Quantifier::Kind::kAll:
      return size;
    case Quantifier::Kind::kAny:
      return 1;
    case Quantifier::Kind::kNone:
      return 0;
    default:
      break;
  }
  const auto& constant = quantifier.value->constant;
  if (!constant || *constant <= 0) return 0;
  const auto value = static_cast<uint64_t>(*constant);
  if (quantifier.kind == Quantifier::Kind::kCount) return value;
  // Over 100 % of a set that fits in memory: more than there are.
  if (value > 100) return size + 1;
  return (size * value + 99) / 100;
}

Gate Of(const Expr& expr, Current current) {
  const Selection& set = *expr.selection;
  std::vector<Gate> members;
  for (const uint32_t member : set.members) {
    if (set.of_rules) {
      if (member == kSelf) {
        members.push_back(Never());
        continue;
      }
      Gate rule;
      rule.kind = Kind::kRule;
      rule.index = member;
      members.push_back(std::move(rule));
    } else {
      members.push_back(Pattern(member));
    }
  }
  const uint64_t wanted = Wanted(expr.quantifier, members.size());
  std::vector<Gate> gates;
  gates.push_back(AtLeast(wanted, std::move(members)));
  for (const ExprPtr& bound : set.bounds) {
    gates.push_back(IfDefined(*bound, current));
  }
  return All(std::move(gates));
}

Gate ForOf(const Expr& expr) {
  if (expr.selection->members.size() > kGateSetMax) return Always();
  std::vector<Gate> members;
  for (const uint32_t member : expr.selection->members) {
    members.push_back(IfTrue(*expr.kids[0], member));
  }
  const uint64_t wanted = Wanted(expr.quantifier, members.size());
  return AtLeast(wanted, std::move(members));
}

// A loop over nothing does not hold, whatever its quantifier.
Gate ForIn(const Expr& expr, Current current) {
  const Loop& loop = *expr.loop;
  std::vector<Gate> gates;
  if (loop.kind == Loop::Kind::kRange) {
    const Expr& low = *loop.items[0];
    const Expr& high = *loop.items[1];
    gates.push_back(IfDefined(low, current));
    gates.push_back(IfDefined(high, current));
    // (1..#a)
    if (IsCount(high) && low.constant && *low.constant >= 1) {
      gates.push_back(PatternOf(high, current));
    }
  }
  // The body must hold at least once; what it needs does not depend on which
  // round that is.
  const Quantifier& quantifier = expr.quantifier;
  const bool once = quantifier.kind == Quantifier::Kind::kAll ||
                    quantifier.kind == Quantifier::Kind::kAny ||
                    (quantifier.value && quantifier.value->constant &&
                     *quantifier.value->constant > 0);
  if (once) gates.push_back(IfTrue(*expr.kids[0], current));
  return All(std::move(gates));
}

Gate Junction(const Expr& expr, Current current) {
  std::vector<Gate> gates;
  for (const ExprPtr& kid : expr.kids) {
    gates.push_back(IfTrue(*kid, current));
  }
  if (expr.op == Op::kOr) return AtLeast(1, std::move(gates));
  return All(std::move(gates));
}

Gate IfTrue(const Expr& expr, Current current) {
  if (expr.constant) return *expr.constant != 0 ? Always() : Never();
  switch (expr.op) {
    case Op::kFound:
    case Op::kCount:
      return PatternOf(expr, current);
    case Op::kFoundAt:
    case Op::kFoundIn:
    case Op::kCountIn:
      return All({PatternOf(expr, current), KidsDefined(expr, 0, current)});
    case Op::kAnd:
    case Op::kOr:
      return Junction(expr, current);
    case Op::kDefined:
      return IfDefined(*expr.kids[0], current);
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
      return Comparison(expr, current);
    case Op::kOf:
      return Of(expr, current);
    case Op::kForOf:
      return ForOf(expr);
    case Op::kForIn:
      return ForIn(expr, current);
    case Op::kName: {
      if (expr.resolved.kind != Resolved::Kind::kRule) return Always();
      if (expr.resolved.index == kSelf) return Never();
      Gate gate;
      gate.kind = Kind::kRule;
      gate.index = expr.resolved.index;
      return gate;
    }
    default:
      return IfDefined(expr, current);
  }
}

}  // namespace

ir::Gate MakeGate(const Expr& condition) {
  return IfTrue(condition, std::nullopt);
}

}  // namespace vitrine::engine::yara
