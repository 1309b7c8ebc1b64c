// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/yara/ast.h"
#include "engine/yara/diagnostics.h"
#include "engine/yara/token_source.h"

namespace vitrine::engine::yara {

// Reads tokens into declarations. After an error it goes on at what looks like
// the next one.
class Parser {
 public:
  Parser(TokenSource& tokens, const CompileOptions& options, Reporter& reporter)
      : tokens_(tokens),
        clamav_(options.dialect == Dialect::kClamav),
        reporter_(reporter) {}

  struct Import {
    std::string module;
    Position at;
  };
  // One declaration. A rule with an error has no condition; its name is set if
  // it was got that far. kBroken stands for anything else with an error.
  struct Declaration {
    enum class Kind : uint8_t { kEnd, kRule, kImport, kBroken };
    Kind kind = Kind::kEnd;
    RuleDecl rule;
    Import import;
  };
  Declaration Next();

 private:
  // Each returns false (or null) after an error, which it has reported.
  bool ParseRule(RuleDecl& rule);
  bool ParseTags(RuleDecl& rule);
  bool ParseMetadata(RuleDecl& rule);
  bool ParseStrings(RuleDecl& rule);
  bool ParseString(StringDecl& decl);
  bool ParseModifiers(StringDecl& decl);
  bool ParseModifier(StringDecl& decl, const std::string& word, Position at);
  bool ParseXorRange(strings::Modifiers& modifiers);
  bool ParseAlphabet(std::string& alphabet);
  bool CheckModifiers(const StringDecl& decl, Position at);
  void SkipToDeclaration();

  // Conditions (parse_condition.cc).
  ExprPtr ParseOr();
  ExprPtr ParseAnd();
  ExprPtr ParseNot();
  ExprPtr ParseComparison();
  ExprPtr ParseComparisonTail(ExprPtr left);
  ExprPtr ParseOperators(int min);
  ExprPtr ParseUnary();
  ExprPtr ParseOperand();
  ExprPtr ParseParenthesis();
  ExprPtr ParseName();
  ExprPtr ParseReadInteger();
  ExprPtr ParseFound();
  ExprPtr ParseStringNumber();
  bool ParseRange(std::vector<ExprPtr>& bounds);

  // Quantifiers (parse_loops.cc).
  ExprPtr ParseOf(Quantifier quantifier, Position at);
  ExprPtr ParseFor();
  ExprPtr ParseForOf(Quantifier quantifier, Position at);
  ExprPtr ParseForIn(Quantifier quantifier, Position at);
  bool ParseIterator(Loop& loop);
  bool ParseQuantifierWord(Quantifier& quantifier);
  bool ParseSet(Selection& set, bool rules_allowed);
  ExprPtr ParseBody();

  ExprPtr NewExpr(Op op, Position at, bool primary);
  // Puts `kid` below `parent`; false if the tree grows too high.
  bool Adopt(Expr& parent, ExprPtr kid);
  bool Grow(Expr& parent, const Expr& kid);
  ExprPtr Primary(ExprPtr expr);

  const Token& Peek(size_t ahead = 0) { return tokens_.Peek(ahead); }
  Token Take() { return tokens_.Take(); }
  bool TakeIf(const char* punctuation);
  bool TakeWordIf(const char* keyword);
  bool Expect(const char* punctuation);
  bool ExpectWord(const char* keyword);
  // Reports `token`; returns false.
  bool Unexpected(const Token& token, std::string_view expecting = "");
  bool Fail(std::string_view code, Position at, std::string message);
  // For what ClamAV's older grammar does not know.
  bool Modern(const Token& token);

  TokenSource& tokens_;
  bool clamav_;
  Reporter& reporter_;
  uint32_t depth_ = 0;  // Of recursion.
};

}  // namespace vitrine::engine::yara
