// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/yara/limits.h"
#include "engine/yara/parser.h"

// Conditions, but for quantifiers. YARA's grammar has two sorts of expression:
// primary ones yield a value and may be operands; the others are true or
// false, and only and, or, not and defined take them: `(a == b) == c` is a
// syntax error.
namespace vitrine::engine::yara {
namespace {

struct OperatorRow {
  const char* text;
  Op op;
  int precedence;
};

// From loosest to tightest.
constexpr int kLoosest = 1;
constexpr int kProduct = 6;
constexpr OperatorRow kOperators[] = {
    {"|", Op::kBitOr, 1},          {"^", Op::kBitXor, 2},
    {"&", Op::kBitAnd, 3},         {"<<", Op::kShiftLeft, 4},
    {">>", Op::kShiftRight, 4},    {"+", Op::kAdd, 5},
    {"-", Op::kSubtract, 5},       {"*", Op::kMultiply, kProduct},
    {"\\", Op::kDivide, kProduct}, {"%", Op::kModulo, kProduct},
};

constexpr OperatorRow kComparisons[] = {
    {"==", Op::kEqual, 0},  {"!=", Op::kNotEqual, 0},
    {"<", Op::kLess, 0},    {"<=", Op::kLessEqual, 0},
    {">", Op::kGreater, 0}, {">=", Op::kGreaterEqual, 0},
};

struct WordRow {
  const char* text;
  Op op;
  bool modern;  // Not in ClamAV's grammar.
};

constexpr WordRow kWordOperators[] = {
    {"contains", Op::kContains, false},
    {"icontains", Op::kIContains, true},
    {"startswith", Op::kStartsWith, true},
    {"istartswith", Op::kIStartsWith, true},
    {"endswith", Op::kEndsWith, true},
    {"iendswith", Op::kIEndsWith, true},
    {"iequals", Op::kIEquals, true},
    {"matches", Op::kMatches, false},
};

const OperatorRow* FindOperator(const Token& token) {
  for (const OperatorRow& row : kOperators) {
    if (token.Is(row.text)) return &row;
  }
  return nullptr;
}

bool IsReadInteger(const Token& token) {
  if (token.kind != TokenKind::kKeyword) return false;
  const std::string_view text = token.text;
  return text.starts_with("int") || text.starts_with("uint");
}

// Counts levels of recursion.
class Level {
 public:
  explicit Level(uint32_t& depth) : depth_(depth) { ++depth_; }
  ~Level() { --depth_; }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;
  bool TooDeep() const { return depth_ > kRecursionMax; }

 private:
  uint32_t& depth_;
};

}  // namespace

ExprPtr Parser::ParseOr() {
  const Level level(depth_);
  if (level.TooDeep()) {
    Fail("too-deep", Peek().at, "condition nested too deep");
    return nullptr;
  }
  ExprPtr first = ParseAnd();
  if (!first || !Peek().IsWord("or")) return first;
  ExprPtr all = NewExpr(Op::kOr, Peek().at, false);
  if (!Adopt(*all, std::move(first))) return nullptr;
  while (TakeWordIf("or")) {
    if (!Adopt(*all, ParseAnd())) return nullptr;
  }
  return all;
}

ExprPtr Parser::ParseAnd() {
  ExprPtr first = ParseNot();
  if (!first || !Peek().IsWord("and")) return first;
  ExprPtr all = NewExpr(Op::kAnd, Peek().at, false);
  if (!Adopt(*all, std::move(first))) return nullptr;
  while (TakeWordIf("and")) {
    if (!Adopt(*all, ParseNot())) return nullptr;
  }
  return all;
}

ExprPtr Parser::ParseNot() {
  const bool is_not = Peek().IsWord("not");
  if (!is_not && !Peek().IsWord("defined")) return ParseComparison();
  const Level level(depth_);
  const Token word = Take();
  if (level.TooDeep()) {
    Fail("too-deep", word.at, "condition nested too deep");
    return nullptr;
  }
  if (!is_not && !Modern(word)) return nullptr;
  ExprPtr expr = NewExpr(is_not ? Op::kNot : Op::kDefined, word.at, false);
  if (!Adopt(*expr, ParseNot())) return nullptr;
  return expr;
}

ExprPtr Parser::ParseComparison() {
  const Token& token = Peek();
  if (token.IsWord("true") || token.IsWord("false")) {
    ExprPtr expr = NewExpr(Op::kBool, token.at, false);
    expr->integer = Take().text == "true" ? 1 : 0;
    return expr;
  }
  if (token.kind == TokenKind::kStringId) return ParseFound();
  if (token.IsWord("for")) return ParseFor();
  Quantifier quantifier;
  const Position at = token.at;
  if (ParseQuantifierWord(quantifier)) {
    return ParseOf(std::move(quantifier), at);
  }
  return ParseComparisonTail(ParseOperators(kLoosest));
}

// What may follow a value to make it true or false: `of`, a comparison,
// nothing.
ExprPtr Parser::ParseComparisonTail(ExprPtr left) {
  if (!left) return nullptr;
  const Token& token = Peek();
  const bool percent = token.Is("%");  // ParseOperators left it: `of` follows.
  if (percent || token.IsWord("of")) {
    if (!left->primary || (percent && clamav_)) {
      Unexpected(token);
      return nullptr;
    }
    if (percent) Take();
    Quantifier quantifier;
    quantifier.kind =
        percent ? Quantifier::Kind::kPercent : Quantifier::Kind::kCount;
    const Position at = left->at;
    quantifier.value = std::move(left);
    return ParseOf(std::move(quantifier), at);
  }
  std::optional<Op> op;
  for (const OperatorRow& row : kComparisons) {
    if (token.Is(row.text)) op = row.op;
  }
  for (const WordRow& row : kWordOperators) {
    if (!token.IsWord(row.text)) continue;
    if (row.modern && !Modern(token)) return nullptr;
    op = row.op;
  }
  if (!op) return left;
  if (!left->primary) {
    Unexpected(token);
    return nullptr;
  }
  ExprPtr expr = NewExpr(*op, Take().at, false);
  if (*op == Op::kMatches && Peek().kind != TokenKind::kRegex) {
    Unexpected(Peek(), "regular expression");
    return nullptr;
  }
  if (!Adopt(*expr, std::move(left)) ||
      !Adopt(*expr, Primary(ParseOperators(kLoosest)))) {
    return nullptr;
  }
  return expr;
}

// Values joined by operators that bind at least as tightly as `min`.
ExprPtr Parser::ParseOperators(int min) {
  const Level level(depth_);
  if (level.TooDeep()) {
    Fail("too-deep", Peek().at, "condition nested too deep");
    return nullptr;
  }
  ExprPtr left = ParseUnary();
  while (left) {
    const OperatorRow* row = FindOperator(Peek());
    if (row == nullptr || row->precedence < min) break;
    if (row->op == Op::kModulo && Peek(1).IsWord("of")) {
      if (min == kLoosest) break;
      Unexpected(Peek(1));
      return nullptr;
    }
    if (!left->primary) {
      Unexpected(Peek());
      return nullptr;
    }
    ExprPtr expr = NewExpr(row->op, Take().at, true);
    if (!Adopt(*expr, std::move(left)) ||
        !Adopt(*expr, Primary(ParseOperators(row->precedence + 1)))) {
      return nullptr;
    }
    left = std::move(expr);
  }
  return left;
}

// `expr`, or null after an error if it is no value.
ExprPtr Parser::Primary(ExprPtr expr) {
  if (!expr || expr->primary) return expr;
  Fail("syntax-error", expr->at,
       "syntax error, a boolean expression can't be an operand");
  return nullptr;
}

ExprPtr Parser::ParseUnary() {
  if (!Peek().Is("-") && !Peek().Is("~")) return ParseOperand();
  if (Peek().Is("-") && !Modern(Peek())) return nullptr;
  const Level level(depth_);
  const Token token = Take();
  if (level.TooDeep()) {
    Fail("too-deep", token.at, "condition nested too deep");
    return nullptr;
  }
  ExprPtr expr =
      NewExpr(token.Is("-") ? Op::kNegate : Op::kBitNot, token.at, true);
  if (!Adopt(*expr, Primary(ParseUnary()))) return nullptr;
  return expr;
}

ExprPtr Parser::ParseOperand() {
  const Token& token = Peek();
  if (token.Is("(")) return ParseParenthesis();
  if (IsReadInteger(token)) return ParseReadInteger();
  if (token.IsWord("filesize")) {
    return NewExpr(Op::kFilesize, Take().at, true);
  }
  if (token.IsWord("entrypoint")) {
    return NewExpr(Op::kEntrypoint, Take().at, true);
  }
  Op op = Op::kInteger;
  switch (token.kind) {
    case TokenKind::kIdentifier:
      return ParseName();
    case TokenKind::kStringCount:
    case TokenKind::kStringOffset:
    case TokenKind::kStringLength:
      return ParseStringNumber();
    case TokenKind::kInteger:
      break;
    case TokenKind::kFloat:
      if (!Modern(token)) return nullptr;
      op = Op::kFloat;
      break;
    case TokenKind::kText:
      op = Op::kText;
      break;
    case TokenKind::kRegex:
      op = Op::kRegex;
      break;
    default:
      Unexpected(token);
      return nullptr;
  }
  Token value = Take();
  ExprPtr expr = NewExpr(op, value.at, true);
  expr->integer = value.integer;
  expr->real = value.real;
  expr->text = std::move(value.text);
  expr->flags = std::move(value.flags);
  return expr;
}

ExprPtr Parser::ParseParenthesis() {
  if (!Expect("(")) return nullptr;
  ExprPtr inner = ParseOr();
  if (!inner || !Expect(")")) return nullptr;
  return inner;
}

// a.b[i].c(x, y): one more step a turn.
ExprPtr Parser::ParseName() {
  Token first = Take();
  ExprPtr expr = NewExpr(Op::kName, first.at, true);
  expr->text = std::move(first.text);
  while (true) {
    const Position at = Peek().at;
    ExprPtr step;
    if (TakeIf(".")) {
      if (Peek().kind != TokenKind::kIdentifier) {
        Unexpected(Peek(), "identifier");
        return nullptr;
      }
      step = NewExpr(Op::kMember, Peek().at, true);
      step->text = Take().text;
      if (!Adopt(*step, std::move(expr))) return nullptr;
    } else if (TakeIf("[")) {
      step = NewExpr(Op::kIndex, at, true);
      if (!Adopt(*step, std::move(expr)) ||
          !Adopt(*step, Primary(ParseOperators(kLoosest))) || !Expect("]")) {
        return nullptr;
      }
    } else if (TakeIf("(")) {
      step = NewExpr(Op::kCall, at, true);
      if (!Adopt(*step, std::move(expr))) return nullptr;
      if (!TakeIf(")")) {
        do {
          if (!Adopt(*step, ParseOr())) return nullptr;
        } while (TakeIf(","));
        if (!Expect(")")) return nullptr;
      }
    } else {
      return expr;
    }
    expr = std::move(step);
  }
}

ExprPtr Parser::ParseReadInteger() {
  Token word = Take();
  if (word.text.ends_with("be") && !Modern(word)) return nullptr;
  ExprPtr expr = NewExpr(Op::kReadInteger, word.at, true);
  expr->text = std::move(word.text);
  if (!Expect("(") || !Adopt(*expr, Primary(ParseOperators(kLoosest))) ||
      !Expect(")")) {
    return nullptr;
  }
  return expr;
}

// $a, $a at x, $a in (x..y)
ExprPtr Parser::ParseFound() {
  Token id = Take();
  ExprPtr expr = NewExpr(Op::kFound, id.at, false);
  expr->text = std::move(id.text);
  if (TakeWordIf("at")) {
    expr->op = Op::kFoundAt;
    if (!Adopt(*expr, Primary(ParseOperators(kLoosest)))) return nullptr;
  } else if (TakeWordIf("in")) {
    expr->op = Op::kFoundIn;
    std::vector<ExprPtr> bounds;
    if (!ParseRange(bounds)) return nullptr;
    for (ExprPtr& bound : bounds) {
      if (!Adopt(*expr, std::move(bound))) return nullptr;
    }
  }
  return expr;
}

// #a, #a in (x..y), @a, @a[i], !a, !a[i]
ExprPtr Parser::ParseStringNumber() {
  Token token = Take();
  if (token.kind == TokenKind::kStringLength && !Modern(token)) return nullptr;
  Op op = Op::kCount;
  if (token.kind == TokenKind::kStringOffset) op = Op::kOffset;
  if (token.kind == TokenKind::kStringLength) op = Op::kLength;
  ExprPtr expr = NewExpr(op, token.at, true);
  expr->text = std::move(token.text);
  if (op != Op::kCount && TakeIf("[")) {
    if (!Adopt(*expr, Primary(ParseOperators(kLoosest))) || !Expect("]")) {
      return nullptr;
    }
  } else if (op == Op::kCount && Peek().IsWord("in")) {
    if (!Modern(Take())) return nullptr;
    expr->op = Op::kCountIn;
    std::vector<ExprPtr> bounds;
    if (!ParseRange(bounds)) return nullptr;
    for (ExprPtr& bound : bounds) {
      if (!Adopt(*expr, std::move(bound))) return nullptr;
    }
  }
  return expr;
}

bool Parser::ParseRange(std::vector<ExprPtr>& bounds) {
  if (!Expect("(")) return false;
  bounds.push_back(Primary(ParseOperators(kLoosest)));
  if (!bounds.back() || !Expect("..")) return false;
  bounds.push_back(Primary(ParseOperators(kLoosest)));
  return bounds.back() && Expect(")");
}

}  // namespace vitrine::engine::yara
