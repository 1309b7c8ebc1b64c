// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "engine/yara/limits.h"
#include "engine/yara/sema.h"

// Names, and what is reached through them.
namespace vitrine::engine::yara {
namespace {

using modules::Field;
using modules::Type;

ValueType FromModule(Type type) {
  switch (type) {
    case Type::kInt:
    case Type::kBool:
      return ValueType::kInteger;
    case Type::kFloat:
      return ValueType::kFloat;
    case Type::kString:
      return ValueType::kText;
    case Type::kRegex:
      return ValueType::kRegex;
    default:
      return ValueType::kObject;
  }
}

// The fields of what `expr` yields; nullopt: it has none.
std::optional<std::span<const Field>> FieldsOf(const Expr& expr) {
  const Resolved& at = expr.resolved;
  if (expr.type != ValueType::kObject) return std::nullopt;
  if (at.field == nullptr) {
    if (at.module == nullptr) return std::nullopt;
    return at.module->fields;
  }
  const Type type = at.is_element ? at.field->element : at.field->type;
  if (type != Type::kStruct) return std::nullopt;
  return at.field->fields;
}

const std::string& NameOf(const Expr& expr) {
  const Expr* at = &expr;
  while (at->op == Op::kIndex || at->op == Op::kCall) at = at->kids[0].get();
  return at->text;
}

char LetterOf(const Expr& argument) {
  switch (argument.type) {
    case ValueType::kBool:
      return 'b';
    case ValueType::kInteger:
      return 'i';
    case ValueType::kFloat:
      return 'f';
    case ValueType::kText:
      return 's';
    case ValueType::kRegex:
      return 'r';
    case ValueType::kObject:
      break;
  }
  return '?';
}

}  // namespace

bool Checker::VisitName(Expr& expr) {
  if (!VisitObject(expr)) return false;
  if (expr.type != ValueType::kObject) return true;
  return Fail("wrong-usage", expr.at,
              "wrong usage of identifier \"" + NameOf(expr) + "\"");
}

bool Checker::VisitObject(Expr& expr) {
  switch (expr.op) {
    case Op::kName:
      return ResolveName(expr);
    case Op::kMember:
      return ResolveMember(expr);
    case Op::kIndex:
      return ResolveIndex(expr);
    default:
      return ResolveCall(expr);
  }
}

bool Checker::ResolveName(Expr& expr) {
  for (size_t i = 0; i < variables_.size(); ++i) {
    if (variables_[i].name != expr.text) continue;
    const Expr* origin = variables_[i].origin;
    if (origin != nullptr) expr.resolved = origin->resolved;
    expr.resolved.kind = Resolved::Kind::kVariable;
    expr.resolved.index = static_cast<uint32_t>(i);
    expr.resolved.is_element = true;
    expr.resolved.origin = origin;
    expr.type = variables_[i].type;
    return true;
  }
  if (const modules::Module* module = scope_.FindModule(expr.text)) {
    expr.type = ValueType::kObject;
    return ModuleSlot(module, expr);
  }
  if (const External* external = scope_.FindExternal(expr.text)) {
    return ResolveExternal(expr, *external);
  }
  return ResolveRule(expr);
}

bool Checker::ModuleSlot(const modules::Module* module, Expr& expr) {
  auto& used = rule_.modules;
  auto found = std::find(used.begin(), used.end(), module);
  if (found == used.end()) {
    if (used.size() >= kModulesMax) {
      return Fail("too-many-modules", expr.at, "too many modules in rule");
    }
    used.push_back(module);
    found = used.end() - 1;
  }
  expr.resolved.kind = Resolved::Kind::kModule;
  expr.resolved.module = module;
  expr.resolved.module_slot = static_cast<uint32_t>(found - used.begin());
  expr.resolved.index = expr.resolved.module_slot;
  return true;
}

bool Checker::ResolveExternal(Expr& expr, const External& external) {
  expr.resolved.kind = Resolved::Kind::kExternal;
  expr.resolved.external = &external;
  expr.type = ValueType::kInteger;
  if (const auto* integer = std::get_if<int64_t>(&external)) {
    expr.known = *integer;
  } else if (const auto* boolean = std::get_if<bool>(&external)) {
    expr.known = *boolean ? 1 : 0;
  } else if (std::holds_alternative<double>(external)) {
    expr.type = ValueType::kFloat;
  } else {
    expr.type = ValueType::kText;
  }
  return true;
}

bool Checker::ResolveRule(Expr& expr) {
  expr.resolved.kind = Resolved::Kind::kRule;
  expr.type = ValueType::kBool;
  if (expr.text == rule_.name) {
    expr.resolved.index = kSelf;
    return true;
  }
  const Scope::KnownRule* rule = scope_.FindRule(expr.text);
  if (rule == nullptr) {
    return Fail("undefined-identifier", expr.at,
                "undefined identifier \"" + expr.text + "\"");
  }
  if (!rule->index) {
    return Fail("refers-to-rejected-rule", expr.at,
                "rule \"" + expr.text + "\" has an error");
  }
  expr.resolved.index = *rule->index;
  return true;
}

bool Checker::ResolveMember(Expr& expr) {
  const Expr& parent = *expr.kids[0];
  if (!VisitObject(*expr.kids[0])) return false;
  const auto fields = FieldsOf(parent);
  if (!fields) {
    return Fail("not-a-structure", parent.at,
                "\"" + NameOf(parent) + "\" is not a structure");
  }
  const auto found =
      std::find_if(fields->begin(), fields->end(),
                   [&](const Field& field) { return field.name == expr.text; });
  if (found == fields->end()) {
    return Fail("invalid-field-name", expr.at,
                "invalid field name \"" + expr.text + "\"");
  }
  expr.resolved = parent.resolved;
  expr.resolved.field = &*found;
  expr.resolved.is_element = false;
  expr.integer = found - fields->begin();
  expr.type = FromModule(found->type);
  if (found->is_constant) expr.constant = IntegerOf(found->constant);
  return true;
}

bool Checker::ResolveIndex(Expr& expr) {
  const Expr& parent = *expr.kids[0];
  if (!VisitObject(*expr.kids[0])) return false;
  const Field* field = parent.resolved.field;
  const bool is_list =
      parent.type == ValueType::kObject && field != nullptr &&
      !parent.resolved.is_element &&
      (field->type == Type::kArray || field->type == Type::kDict);
  if (!is_list) {
    return Fail("not-indexable", parent.at,
                "\"" + NameOf(parent) + "\" is not an array or dictionary");
  }
  if (!Visit(*expr.kids[1])) return false;
  const ValueType key = expr.kids[1]->type;
  if (field->type == Type::kArray && key != ValueType::kInteger) {
    return Fail("wrong-type", expr.kids[1]->at,
                "array indexes must be of integer type");
  }
  if (field->type == Type::kDict && key != ValueType::kText) {
    return Fail("wrong-type", expr.kids[1]->at,
                "dictionary keys must be of string type");
  }
  expr.resolved = parent.resolved;
  expr.resolved.is_element = true;
  expr.type = FromModule(field->element);
  return true;
}

bool Checker::ResolveCall(Expr& expr) {
  const Expr& callee = *expr.kids[0];
  if (!VisitObject(*expr.kids[0])) return false;
  const Field* field = callee.resolved.field;
  if (callee.type != ValueType::kObject || field == nullptr ||
      callee.resolved.is_element || field->type != Type::kFunction) {
    return Fail("not-a-function", callee.at,
                "\"" + NameOf(callee) + "\" is not a function");
  }
  std::string letters;
  for (size_t i = 1; i < expr.kids.size(); ++i) {
    if (!Visit(*expr.kids[i])) return false;
    letters.push_back(LetterOf(*expr.kids[i]));
  }
  if (letters.size() <= kArgumentsMax) {
    for (size_t i = 0; i < field->overloads.size(); ++i) {
      if (field->overloads[i].arguments != letters) continue;
      expr.overload = static_cast<uint32_t>(i);
      expr.resolved.module = callee.resolved.module;
      expr.resolved.module_slot = callee.resolved.module_slot;
      expr.is_method = field->overloads[i].method != nullptr;
      expr.type = FromModule(field->overloads[i].result);
      return true;
    }
  }
  return Fail("wrong-arguments", expr.at,
              "wrong arguments for function \"" + NameOf(callee) + "\"");
}

bool Checker::ResolveRules(Selection& set) {
  for (const Selection::Item& item : set.items) {
    std::vector<Scope::KnownRule> rules;
    bool any = false;
    if (item.wildcard) {
      rules = scope_.RulesLike(item.name);
      scope_.FreezePrefix(item.name);
      any = rule_.name.starts_with(item.name);
    } else {
      any = item.name == rule_.name;
      if (const auto* rule = scope_.FindRule(item.name)) {
        rules.push_back(*rule);
      }
    }
    if (any) set.members.push_back(kSelf);
    if (!any && rules.empty()) {
      return Fail("undefined-identifier", item.at,
                  "undefined identifier \"" + item.name + "\"");
    }
    for (const Scope::KnownRule& rule : rules) {
      if (!rule.index) {
        return Fail("refers-to-rejected-rule", item.at,
                    "a rule of the set has an error");
      }
      set.members.push_back(*rule.index);
    }
  }
  return true;
}

}  // namespace vitrine::engine::yara
