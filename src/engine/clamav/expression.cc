// SPDX-License-Identifier: Apache-2.0
#include "engine/clamav/expression.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "engine/clamav/fields.h"
#include "engine/clamav/limits.h"

namespace vitrine::engine::clamav {
namespace {

Error Invalid(const char* message) { return Error{Code::kInvalid, message}; }

bool IsOperator(char c) { return c == '&' || c == '|'; }

Expression::Compare CompareOf(char c) {
  switch (c) {
    case '=':
      return Expression::Compare::kEqual;
    case '>':
      return Expression::Compare::kMore;
    default:
      return Expression::Compare::kLess;
  }
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Expression> Parse() {
    Expression whole = TRY(Chain(0));
    if (!text_.empty()) return Invalid("unexpected ')'");
    return whole;
  }

 private:
  struct Operand {
    Expression expression;
    char before = 0;  // The operator before it.
  };

  // Operands and operators up to `)` or the end.
  Result<Expression> Chain(size_t depth) {
    if (depth > kExpressionDepthMax) {
      return Error{Code::kLimit, "too many parentheses"};
    }
    std::vector<Operand> operands;
    char before = 0;
    for (;;) {
      Expression operand = TRY(Term(depth));
      operands.push_back({std::move(operand), before});
      if (++nodes_ > kExpressionNodesMax) {
        return Error{Code::kLimit, "expression too long"};
      }
      if (text_.empty() || text_[0] == ')') break;
      if (!IsOperator(text_[0])) return Invalid("operator expected");
      before = text_[0];
      text_.remove_prefix(1);
    }
    operators_ = operands.size() - 1;
    return depth == 0 ? FoldRight(std::move(operands))
                      : FoldBlock(std::move(operands));
  }

  Result<Expression> Term(size_t depth) {
    if (!text_.empty() && text_[0] == '(') {
      text_.remove_prefix(1);
      Expression inner = TRY(Chain(depth + 1));
      if (text_.empty()) return Invalid("')' expected");
      text_.remove_prefix(1);
      if (!text_.empty() && text_[0] != ')' && !IsOperator(text_[0])) {
        TRY(BlockCount(inner));
      }
      return inner;
    }
    const size_t end = std::min(text_.find_first_of("&|()"), text_.size());
    const std::string_view leaf = text_.substr(0, end);
    text_.remove_prefix(end);
    return Leaf(leaf);
  }

  // clamscan passes over whatever it does not know between the number and the
  // last comparison.
  static Result<Expression> Leaf(std::string_view text) {
    const auto id = LeadingNumber(text);
    if (!id) return Invalid("number of a subsignature expected");
    if (*id < 0 || *id >= kSubsignaturesMax) {
      return Invalid("no such subsignature");
    }
    Expression leaf;
    leaf.id = static_cast<uint32_t>(*id);
    const size_t compare = text.find_last_of("=<>");
    if (compare == std::string_view::npos) return leaf;
    const auto count = LeadingNumber(text.substr(compare + 1));
    if (!count) return Invalid("number expected after a comparison");
    leaf.compare = CompareOf(text[compare]);
    leaf.count = static_cast<uint32_t>(*count);
    return leaf;
  }

  // The comparison after `)`.
  Status BlockCount(Expression& block) {
    const char compare = text_[0];
    if (compare != '=' && compare != '<' && compare != '>') {
      return Invalid("operator expected after ')'");
    }
    if (operators_ == 0) {
      return Invalid("only a block with an operator can be counted");
    }
    const auto count = LeadingNumber(text_.substr(1), &text_);
    if (!count) return Invalid("number expected after a comparison");
    block.compare = CompareOf(compare);
    block.count = static_cast<uint32_t>(*count);
    if (!text_.empty() && text_[0] == ',') {
      text_.remove_prefix(1);
      const auto distinct = LeadingNumber(text_, &text_);
      block.distinct = static_cast<uint32_t>(distinct.value_or(0));
      // clamscan passes over further numbers.
      while (!text_.empty() &&
             (text_[0] == ',' || IsDigit(static_cast<uint8_t>(text_[0])))) {
        text_.remove_prefix(1);
      }
    }
    operators_ = 0;
    if (!text_.empty() && text_[0] != ')' && !IsOperator(text_[0])) {
      return Invalid("operator expected after a comparison");
    }
    return Ok();
  }

  static Expression::Kind KindOf(char operation) {
    return operation == '&' ? Expression::Kind::kAll : Expression::Kind::kAny;
  }

  static bool Extends(const Expression& node, Expression::Kind kind) {
    return node.kind == kind && node.compare == Expression::Compare::kNone;
  }

  static Result<Expression> FoldRight(std::vector<Operand> operands) {
    Expression node = std::move(operands.back().expression);
    size_t depth = 0;
    bool ours = false;
    for (size_t i = operands.size() - 1; i-- > 0;) {
      const Expression::Kind kind = KindOf(operands[i + 1].before);
      if (!ours || !Extends(node, kind)) {
        if (++depth > kExpressionDepthMax) {
          return Error{Code::kLimit, "too many changes of operator"};
        }
        Expression parent;
        parent.kind = kind;
        parent.children.push_back(std::move(node));
        node = std::move(parent);
        ours = true;
      }
      node.children.push_back(std::move(operands[i].expression));
    }
    return node;
  }

  // The last operator of a block binds least; before it, all is as at the top.
  static Result<Expression> FoldBlock(std::vector<Operand> operands) {
    if (operands.size() < 3) return FoldRight(std::move(operands));
    Operand last = std::move(operands.back());
    operands.pop_back();
    Expression block;
    block.kind = KindOf(last.before);
    block.children.push_back(TRY(FoldRight(std::move(operands))));
    block.children.push_back(std::move(last.expression));
    return block;
  }

  std::string_view text_;
  size_t nodes_ = 0;
  size_t operators_ = 0;  // Of the chain that ended last.
};

}  // namespace

Result<Expression> ParseExpression(std::string_view text) {
  return Parser(text).Parse();
}

uint32_t HighestId(const Expression& expression) {
  uint32_t highest = 0;
  ForEachId(expression, [&](uint32_t id) { highest = std::max(highest, id); });
  return highest;
}

void ForEachId(const Expression& expression,
               const std::function<void(uint32_t id)>& use) {
  if (expression.kind == Expression::Kind::kId) use(expression.id);
  for (const Expression& child : expression.children) ForEachId(child, use);
}

}  // namespace vitrine::engine::clamav
