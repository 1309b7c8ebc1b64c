// SPDX-License-Identifier: Apache-2.0
#include "engine/yara/sema.h"

#include <utility>

#include "engine/regex/regex.h"
#include "engine/yara/limits.h"

namespace vitrine::engine::yara {
namespace {

bool IsNumber(const Expr& expr) {
  return expr.type == ValueType::kInteger || expr.type == ValueType::kFloat;
}

const char* Spelling(Op op) {
  switch (op) {
    case Op::kAdd:
      return "+";
    case Op::kSubtract:
    case Op::kNegate:
      return "-";
    case Op::kMultiply:
      return "*";
    case Op::kDivide:
      return "\\";
    case Op::kModulo:
      return "%";
    case Op::kBitAnd:
      return "&";
    case Op::kBitOr:
      return "|";
    case Op::kBitXor:
      return "^";
    case Op::kBitNot:
      return "~";
    case Op::kShiftLeft:
      return "<<";
    case Op::kShiftRight:
      return ">>";
    case Op::kContains:
      return "contains";
    case Op::kIContains:
      return "icontains";
    case Op::kStartsWith:
      return "startswith";
    case Op::kIStartsWith:
      return "istartswith";
    case Op::kEndsWith:
      return "endswith";
    case Op::kIEndsWith:
      return "iendswith";
    case Op::kIEquals:
      return "iequals";
    default:
      return "matches";
  }
}

}  // namespace

const char* TypeName(ValueType type) {
  switch (type) {
    case ValueType::kBool:
      return "boolean";
    case ValueType::kInteger:
      return "integer";
    case ValueType::kFloat:
      return "float";
    case ValueType::kText:
      return "string";
    case ValueType::kRegex:
      return "regexp";
    case ValueType::kObject:
      return "object";
  }
  return "";
}

Checker::Checker(RuleDecl& rule, Scope& scope, Reporter& reporter)
    : rule_(rule), scope_(scope), reporter_(reporter) {
  for (size_t i = 0; i < rule.strings.size(); ++i) {
    if (rule.strings[i].name.empty()) continue;
    by_name_.emplace(rule.strings[i].name, static_cast<uint32_t>(i));
  }
}

bool Checker::Check() {
  return VisitTruth(*rule_.condition) && CheckReferences();
}

bool Checker::Fail(std::string_view code, Position at, std::string message) {
  reporter_.Error(code, at, std::move(message));
  return false;
}

bool Checker::VisitTruth(Expr& expr) {
  if (!Visit(expr)) return false;
  if (expr.op == Op::kText) {
    reporter_.Warn(
        "literal-as-boolean", expr.at,
        "using literal string \"" + expr.text + "\" in a boolean operation.");
  }
  return true;
}

bool Checker::Visit(Expr& expr) {
  switch (expr.op) {
    case Op::kBool:
    case Op::kInteger:
    case Op::kFloat:
    case Op::kText:
    case Op::kRegex:
    case Op::kFilesize:
    case Op::kEntrypoint:
      return VisitLeaf(expr);
    case Op::kFound:
    case Op::kFoundAt:
    case Op::kFoundIn:
    case Op::kCount:
    case Op::kCountIn:
    case Op::kOffset:
    case Op::kLength:
      return VisitString(expr);
    case Op::kName:
    case Op::kMember:
    case Op::kIndex:
    case Op::kCall:
      return VisitName(expr);
    case Op::kReadInteger:
      expr.type = ValueType::kInteger;
      return VisitInteger(*expr.kids[0], "intXXXX or uintXXXX");
    case Op::kNegate:
    case Op::kBitNot:
      return VisitUnary(expr);
    case Op::kNot:
    case Op::kDefined:
    case Op::kAnd:
    case Op::kOr:
      for (ExprPtr& kid : expr.kids) {
        if (!VisitTruth(*kid)) return false;
      }
      return true;
    case Op::kOf:
      return VisitOf(expr);
    case Op::kForOf:
      return VisitForOf(expr);
    case Op::kForIn:
      return VisitForIn(expr);
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
      return VisitArithmetic(expr);
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
      return VisitComparison(expr);
    default:
      return VisitTextOperator(expr);
  }
}

bool Checker::VisitLeaf(Expr& expr) {
  switch (expr.op) {
    case Op::kBool:
      expr.constant = expr.integer;
      return true;
    case Op::kInteger:
      expr.type = ValueType::kInteger;
      expr.known = expr.constant = expr.integer;
      return true;
    case Op::kFloat:
      expr.type = ValueType::kFloat;
      return true;
    case Op::kText:
      expr.type = ValueType::kText;
      return true;
    case Op::kRegex:
      return VisitRegex(expr);
    case Op::kEntrypoint:
      if (!scope_.clamav()) {
        reporter_.Warn("deprecated-entrypoint", expr.at,
                       "using deprecated \"entrypoint\" keyword. Use the "
                       "\"entry_point\" function from PE module instead.");
      }
      [[fallthrough]];
    default:
      expr.type = ValueType::kInteger;
      return true;
  }
}

bool Checker::VisitRegex(Expr& expr) {
  expr.type = ValueType::kRegex;
  regex::Flags flags;
  flags.nocase = expr.flags.find('i') != std::string::npos;
  flags.dot_all = expr.flags.find('s') != std::string::npos;
  auto compiled = regex::Compile(expr.text, flags);
  if (!compiled.ok()) {
    return Fail("invalid-regular-expression", expr.at,
                "invalid regular expression: " + compiled.error().message);
  }
  expr.regex = std::move(compiled).value();
  return true;
}

bool Checker::VisitInteger(Expr& expr, const char* user) {
  if (!Visit(expr)) return false;
  if (expr.type == ValueType::kInteger) return true;
  return Fail("wrong-type", expr.at,
              "wrong type \"" + std::string(TypeName(expr.type)) + "\" for " +
                  user + " operator");
}

bool Checker::VisitUnary(Expr& expr) {
  Expr& kid = *expr.kids[0];
  if (!Visit(kid)) return false;
  const bool takes_float = expr.op == Op::kNegate;
  if (kid.type != ValueType::kInteger &&
      !(takes_float && kid.type == ValueType::kFloat)) {
    return Fail("wrong-type", expr.at,
                "wrong type \"" + std::string(TypeName(kid.type)) + "\" for " +
                    Spelling(expr.op) + " operator");
  }
  expr.type = kid.type;
  FoldError error;
  return Fold(expr, error);
}

bool Checker::VisitArithmetic(Expr& expr) {
  Expr& a = *expr.kids[0];
  Expr& b = *expr.kids[1];
  if (!Visit(a) || !Visit(b)) return false;
  const bool takes_float = expr.op == Op::kAdd || expr.op == Op::kSubtract ||
                           expr.op == Op::kMultiply || expr.op == Op::kDivide;
  for (const Expr* kid : {&a, &b}) {
    if (kid->type == ValueType::kInteger) continue;
    if (takes_float && kid->type == ValueType::kFloat) continue;
    if (takes_float && a.type == ValueType::kText && b.type == a.type) {
      return Fail("wrong-type", expr.at,
                  "strings don't support \"" + std::string(Spelling(expr.op)) +
                      "\" operation");
    }
    if (takes_float) return Fail("wrong-type", expr.at, "type mismatch");
    return Fail("wrong-type", expr.at,
                "wrong type \"" + std::string(TypeName(kid->type)) + "\" for " +
                    Spelling(expr.op) + " operator");
  }
  const bool is_float =
      a.type == ValueType::kFloat || b.type == ValueType::kFloat;
  expr.type = is_float ? ValueType::kFloat : ValueType::kInteger;
  FoldError error;
  if (Fold(expr, error)) return true;
  return Fail(error.code, expr.at, error.message);
}

bool Checker::VisitComparison(Expr& expr) {
  Expr& a = *expr.kids[0];
  Expr& b = *expr.kids[1];
  if (!Visit(a) || !Visit(b)) return false;
  if (IsNumber(a) && IsNumber(b)) return true;
  if (a.type == ValueType::kText && b.type == ValueType::kText) return true;
  return Fail("wrong-type", expr.at, "type mismatch");
}

bool Checker::VisitTextOperator(Expr& expr) {
  for (ExprPtr& kid : expr.kids) {
    if (!Visit(*kid)) return false;
    const bool is_pattern = expr.op == Op::kMatches &&
                            kid->type == ValueType::kRegex &&
                            kid == expr.kids.back();
    if (kid->type == ValueType::kText || is_pattern) continue;
    return Fail("wrong-type", kid->at,
                "wrong type \"" + std::string(TypeName(kid->type)) + "\" for " +
                    Spelling(expr.op) + " operator");
  }
  return true;
}

}  // namespace vitrine::engine::yara
