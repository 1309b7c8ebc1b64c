// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/yara/ast.h"
#include "engine/yara/diagnostics.h"
#include "engine/yara/scope.h"

namespace vitrine::engine::yara {

// Checks one rule's condition: names, types, values known before any scan.
// Fills in what the code generator and the gates need. Stops at the first
// error; the messages are YARA's.
class Checker {
 public:
  Checker(RuleDecl& rule, Scope& scope, Reporter& reporter);

  // False: the rule has an error, which was reported.
  bool Check();

 private:
  struct Variable {
    std::string name;
    ValueType type = ValueType::kInteger;
    const Expr* origin = nullptr;  // The array or dictionary it is from.
  };

  // Any expression, used as a value.
  bool Visit(Expr& expr);
  bool VisitLeaf(Expr& expr);
  bool VisitRegex(Expr& expr);
  bool VisitUnary(Expr& expr);
  bool VisitArithmetic(Expr& expr);
  bool VisitInteger(Expr& expr);
  bool VisitComparison(Expr& expr);
  bool VisitTextOperator(Expr& expr);
  // Any expression, used as a truth.
  bool VisitTruth(Expr& expr);
  bool VisitInteger(Expr& expr, const char* user);

  // Strings of the rule (sema_strings.cc).
  bool VisitString(Expr& expr);
  bool ResolveString(Expr& expr);
  bool CheckRange(Expr& low, Expr& high);
  bool ResolveStrings(Selection& set);
  bool CheckReferences();

  // Names (sema_names.cc).
  bool VisitName(Expr& expr);
  bool VisitObject(Expr& expr);
  bool ResolveName(Expr& expr);
  bool ResolveExternal(Expr& expr, const External& external);
  bool ResolveRule(Expr& expr);
  bool ResolveMember(Expr& expr);
  bool ResolveIndex(Expr& expr);
  bool ResolveCall(Expr& expr);
  bool ModuleSlot(const modules::Module* module, Expr& expr);
  bool ResolveRules(Selection& set);

  // Quantifiers (sema_loops.cc).
  bool VisitQuantifier(Quantifier& quantifier, Position at);
  bool VisitOf(Expr& expr);
  bool VisitForOf(Expr& expr);
  bool VisitForIn(Expr& expr);
  bool BindVariables(Expr& expr);
  bool BindList(Expr& expr);
  bool BindObject(Expr& expr);
  bool EnterLoop(Position at);

  bool Fail(std::string_view code, Position at, std::string message);

  RuleDecl& rule_;
  Scope& scope_;
  Reporter& reporter_;
  // By name; anonymous strings are not in it.
  std::unordered_map<std::string_view, uint32_t> by_name_;
  std::vector<Variable> variables_;
  size_t loops_ = 0;
  bool in_string_loop_ = false;
};

const char* TypeName(ValueType type);

// Sets known and constant of an operator from its operands'. False: integer
// overflow or division by zero, with the message in `error`.
struct FoldError {
  std::string code;
  std::string message;
};
bool Fold(Expr& expr, FoldError& error);

// The integer that a constant of a module is; nullopt: it is no integer.
std::optional<int64_t> IntegerOf(const modules::Value& value);

}  // namespace vitrine::engine::yara
