// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <utility>
#include <vector>

#include "engine/yara/parser.h"

// `of` and `for`.
namespace vitrine::engine::yara {
namespace {

// As ParseOperators() of parse_condition.cc wants it: any operator.
constexpr int kLoosest = 1;

}  // namespace

bool Parser::ParseQuantifierWord(Quantifier& quantifier) {
  if (TakeWordIf("all")) {
    quantifier.kind = Quantifier::Kind::kAll;
  } else if (TakeWordIf("any")) {
    quantifier.kind = Quantifier::Kind::kAny;
  } else if (!clamav_ && TakeWordIf("none")) {
    quantifier.kind = Quantifier::Kind::kNone;
  } else {
    return false;
  }
  return true;
}

// The quantifier has been read; `of` is next.
ExprPtr Parser::ParseOf(Quantifier quantifier, Position at) {
  if (!ExpectWord("of")) return nullptr;
  ExprPtr expr = NewExpr(Op::kOf, at, false);
  if (quantifier.value && !Grow(*expr, *quantifier.value)) return nullptr;
  const bool percent = quantifier.kind == Quantifier::Kind::kPercent;
  expr->quantifier = std::move(quantifier);
  expr->selection = std::make_unique<Selection>();
  Selection& set = *expr->selection;
  if (!ParseSet(set, true)) return nullptr;
  // Neither sets of rules nor percentages may be told where.
  if (set.of_rules || percent) return expr;
  if (Peek().IsWord("in")) {
    if (!Modern(Take())) return nullptr;
    set.where = Selection::Where::kIn;
    if (!ParseRange(set.bounds)) return nullptr;
  } else if (Peek().IsWord("at")) {
    if (!Modern(Take())) return nullptr;
    set.where = Selection::Where::kAt;
    set.bounds.push_back(Primary(ParseOperators(kLoosest)));
    if (!set.bounds.back()) return nullptr;
  }
  for (const ExprPtr& bound : set.bounds) {
    if (!Grow(*expr, *bound)) return nullptr;
  }
  return expr;
}

bool Parser::ParseSet(Selection& set, bool rules_allowed) {
  if (Peek().IsWord("them")) {
    set.items.push_back({"", true, Take().at});
    return true;
  }
  if (!Expect("(")) return false;
  set.of_rules = rules_allowed && Peek().kind == TokenKind::kIdentifier;
  do {
    Selection::Item item;
    const Token& token = Peek();
    item.at = token.at;
    if (set.of_rules && token.kind == TokenKind::kIdentifier) {
      item.name = Take().text;
      item.wildcard = TakeIf("*");
    } else if (!set.of_rules && (token.kind == TokenKind::kStringId ||
                                 token.kind == TokenKind::kStringIdWildcard)) {
      item.wildcard = token.kind == TokenKind::kStringIdWildcard;
      item.name = Take().text;
    } else {
      return Unexpected(token, set.of_rules ? "identifier"
                                            : "string identifier or string "
                                              "identifier with wildcard");
    }
    set.items.push_back(std::move(item));
  } while (TakeIf(","));
  return Expect(")");
}

ExprPtr Parser::ParseFor() {
  const Position at = Take().at;
  Quantifier quantifier;
  if (!ParseQuantifierWord(quantifier)) {
    quantifier.kind = Quantifier::Kind::kCount;
    quantifier.value = Primary(ParseOperators(kLoosest));
    if (!quantifier.value) return nullptr;
  }
  if (TakeWordIf("of")) return ParseForOf(std::move(quantifier), at);
  return ParseForIn(std::move(quantifier), at);
}

ExprPtr Parser::ParseForOf(Quantifier quantifier, Position at) {
  ExprPtr expr = NewExpr(Op::kForOf, at, false);
  if (quantifier.value && !Grow(*expr, *quantifier.value)) return nullptr;
  expr->quantifier = std::move(quantifier);
  expr->selection = std::make_unique<Selection>();
  if (!ParseSet(*expr->selection, false)) return nullptr;
  if (!Adopt(*expr, ParseBody())) return nullptr;
  return expr;
}

ExprPtr Parser::ParseForIn(Quantifier quantifier, Position at) {
  ExprPtr expr = NewExpr(Op::kForIn, at, false);
  if (quantifier.value && !Grow(*expr, *quantifier.value)) return nullptr;
  expr->quantifier = std::move(quantifier);
  expr->loop = std::make_unique<Loop>();
  Loop& loop = *expr->loop;
  do {
    if (Peek().kind != TokenKind::kIdentifier) {
      Unexpected(Peek(), "identifier");
      return nullptr;
    }
    loop.variables.push_back(Take().text);
  } while (TakeIf(","));
  if (loop.variables.size() > 2) {
    Fail("wrong-loop-variables", at, "too many loop variables");
    return nullptr;
  }
  if (!ExpectWord("in") || !ParseIterator(loop)) return nullptr;
  for (const ExprPtr& item : loop.items) {
    if (!Grow(*expr, *item)) return nullptr;
  }
  if (!Adopt(*expr, ParseBody())) return nullptr;
  return expr;
}

// (1..10), (1, 2, 3), ("a", "b"), pe.sections
bool Parser::ParseIterator(Loop& loop) {
  if (Peek().kind == TokenKind::kIdentifier) {
    loop.kind = Loop::Kind::kObject;
    loop.items.push_back(ParseName());
    return loop.items.back() != nullptr;
  }
  if (!Expect("(")) return false;
  loop.items.push_back(Primary(ParseOperators(kLoosest)));
  if (!loop.items.back()) return false;
  loop.kind = Peek().Is("..") ? Loop::Kind::kRange : Loop::Kind::kList;
  if (TakeIf("..")) {
    loop.items.push_back(Primary(ParseOperators(kLoosest)));
    return loop.items.back() && Expect(")");
  }
  while (TakeIf(",")) {
    loop.items.push_back(Primary(ParseOperators(kLoosest)));
    if (!loop.items.back()) return false;
  }
  return Expect(")");
}

ExprPtr Parser::ParseBody() {
  if (!Expect(":") || !Expect("(")) return nullptr;
  ExprPtr body = ParseOr();
  if (!body || !Expect(")")) return nullptr;
  return body;
}

}  // namespace vitrine::engine::yara
