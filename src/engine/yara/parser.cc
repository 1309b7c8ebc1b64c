// SPDX-License-Identifier: Apache-2.0
#include "engine/yara/parser.h"

#include <algorithm>
#include <utility>

#include "engine/yara/limits.h"

namespace vitrine::engine::yara {

Parser::Declaration Parser::Next() {
  Declaration result;
  const Token& token = Peek();
  if (token.kind == TokenKind::kEnd) return result;
  if (token.IsWord("rule") || token.IsWord("global") ||
      token.IsWord("private")) {
    result.kind = Declaration::Kind::kRule;
    if (ParseRule(result.rule)) return result;
    result.rule.condition.reset();
  } else if (TakeWordIf("import")) {
    result.kind = Declaration::Kind::kImport;
    const Token name = Take();
    result.import = {name.text, name.at};
    if (name.kind == TokenKind::kText) return result;
    Unexpected(name, "text string");
    result.kind = Declaration::Kind::kBroken;
  } else {
    result.kind = Declaration::Kind::kBroken;
    Unexpected(token);
    if (!reporter_.full()) Take();
  }
  SkipToDeclaration();
  return result;
}

void Parser::SkipToDeclaration() {
  while (true) {
    const Token& token = Peek();
    if (token.kind == TokenKind::kEnd || token.IsWord("rule") ||
        token.IsWord("global") || token.IsWord("import")) {
      return;
    }
    // Strings may be private too.
    if (token.IsWord("private") &&
        (Peek(1).IsWord("rule") || Peek(1).IsWord("global"))) {
      return;
    }
    Take();
  }
}

bool Parser::ParseRule(RuleDecl& rule) {
  depth_ = 0;
  while (true) {
    if (TakeWordIf("global")) {
      rule.is_global = true;
    } else if (TakeWordIf("private")) {
      rule.is_private = true;
    } else {
      break;
    }
  }
  if (!ExpectWord("rule")) return false;
  if (Peek().kind != TokenKind::kIdentifier) {
    return Unexpected(Peek(), "identifier");
  }
  const Token name = Take();
  rule.name = name.text;
  rule.at = name.at;
  if (TakeIf(":") && !ParseTags(rule)) return false;
  if (!Expect("{")) return false;
  if (TakeWordIf("meta") && !ParseMetadata(rule)) return false;
  if (TakeWordIf("strings") && !ParseStrings(rule)) return false;
  if (!ExpectWord("condition") || !Expect(":")) return false;
  rule.condition = ParseOr();
  if (!rule.condition) return false;
  return Expect("}");
}

bool Parser::ParseTags(RuleDecl& rule) {
  if (Peek().kind != TokenKind::kIdentifier) {
    return Unexpected(Peek(), "identifier");
  }
  while (Peek().kind == TokenKind::kIdentifier) {
    const Token tag = Take();
    if (std::find(rule.tags.begin(), rule.tags.end(), tag.text) !=
        rule.tags.end()) {
      return Fail("duplicated-tag", tag.at,
                  "duplicated tag identifier \"" + tag.text + "\"");
    }
    rule.tags.push_back(tag.text);
  }
  return true;
}

bool Parser::ParseMetadata(RuleDecl& rule) {
  if (!Expect(":")) return false;
  if (Peek().kind != TokenKind::kIdentifier) {
    return Unexpected(Peek(), "identifier");
  }
  while (Peek().kind == TokenKind::kIdentifier) {
    ir::Metadata entry;
    entry.key = Take().text;
    if (!Expect("=")) return false;
    const bool negative = TakeIf("-");
    const Token value = Take();
    if (value.kind == TokenKind::kInteger) {
      entry.value = negative ? -value.integer : value.integer;
    } else if (negative) {
      return Unexpected(value, "integer number");
    } else if (value.kind == TokenKind::kText) {
      entry.value = value.text;
    } else if (value.IsWord("true") || value.IsWord("false")) {
      entry.value = value.IsWord("true");
    } else {
      return Unexpected(value);
    }
    rule.metadata.push_back(std::move(entry));
  }
  return true;
}

bool Parser::TakeIf(const char* punctuation) {
  if (!Peek().Is(punctuation)) return false;
  Take();
  return true;
}

bool Parser::TakeWordIf(const char* keyword) {
  if (!Peek().IsWord(keyword)) return false;
  Take();
  return true;
}

bool Parser::Expect(const char* punctuation) {
  if (TakeIf(punctuation)) return true;
  return Unexpected(Peek(), "'" + std::string(punctuation) + "'");
}

bool Parser::ExpectWord(const char* keyword) {
  if (TakeWordIf(keyword)) return true;
  return Unexpected(Peek(), "<" + std::string(keyword) + ">");
}

bool Parser::Unexpected(const Token& token, std::string_view expecting) {
  if (token.kind == TokenKind::kBad) {
    return Fail(token.flags, token.at, token.text);
  }
  std::string message = "syntax error, unexpected " + Describe(token);
  if (!expecting.empty()) message += ", expecting " + std::string(expecting);
  return Fail("syntax-error", token.at, std::move(message));
}

bool Parser::Fail(std::string_view code, Position at, std::string message) {
  reporter_.Error(code, at, std::move(message));
  return false;
}

bool Parser::Modern(const Token& token) {
  return !clamav_ || Unexpected(token);
}

ExprPtr Parser::NewExpr(Op op, Position at, bool primary) {
  auto expr = std::make_unique<Expr>();
  expr->op = op;
  expr->at = at;
  expr->primary = primary;
  return expr;
}

bool Parser::Adopt(Expr& parent, ExprPtr kid) {
  if (!kid || !Grow(parent, *kid)) return false;
  parent.kids.push_back(std::move(kid));
  return true;
}

bool Parser::Grow(Expr& parent, const Expr& kid) {
  parent.depth = std::max(parent.depth, kid.depth + 1);
  if (parent.depth <= kDepthMax) return true;
  return Fail("too-deep", parent.at, "condition nested too deep");
}

}  // namespace vitrine::engine::yara
