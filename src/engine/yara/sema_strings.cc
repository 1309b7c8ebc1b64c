// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "engine/yara/sema.h"

// Uses of the rule's own strings.
namespace vitrine::engine::yara {

bool Checker::VisitString(Expr& expr) {
  if (!ResolveString(expr)) return false;
  switch (expr.op) {
    case Op::kFoundAt:
      return VisitInteger(*expr.kids[0], "at");
    case Op::kFoundIn:
      return CheckRange(*expr.kids[0], *expr.kids[1]);
    case Op::kCountIn:
      expr.type = ValueType::kInteger;
      return CheckRange(*expr.kids[0], *expr.kids[1]);
    case Op::kFound:
      return true;
    default:
      expr.type = ValueType::kInteger;
      return expr.kids.empty() || VisitInteger(*expr.kids[0], "[]");
  }
}

bool Checker::ResolveString(Expr& expr) {
  if (expr.text.empty()) {
    if (in_string_loop_) return true;
    return Fail("misplaced-anonymous-string", expr.at,
                "wrong use of anonymous string");
  }
  const auto found = by_name_.find(expr.text);
  if (found == by_name_.end()) {
    return Fail("undefined-string", expr.at,
                "undefined string \"$" + expr.text + "\"");
  }
  expr.pattern = found->second;
  rule_.strings[found->second].referenced = true;
  return true;
}

bool Checker::CheckRange(Expr& low, Expr& high) {
  if (!Visit(low) || !Visit(high)) return false;
  if (low.type != ValueType::kInteger) {
    return Fail("wrong-type", low.at, "wrong type for range's lower bound");
  }
  if (high.type != ValueType::kInteger) {
    return Fail("wrong-type", high.at, "wrong type for range's upper bound");
  }
  // As YARA does it: no bound is looked at alone.
  if (!low.known || !high.known) return true;
  if (*low.known < 0) {
    return Fail("invalid-value", low.at,
                "invalid value in condition: "
                "\"range lower bound can not be negative\"");
  }
  if (*low.known > *high.known) {
    return Fail("invalid-value", low.at,
                "invalid value in condition: "
                "\"range lower bound must be less than upper bound\"");
  }
  return true;
}

bool Checker::ResolveStrings(Selection& set) {
  for (const Selection::Item& item : set.items) {
    bool any = false;
    const auto add = [&](size_t index) {
      set.members.push_back(static_cast<uint32_t>(index));
      rule_.strings[index].referenced = true;
      any = true;
    };
    const auto exact = by_name_.find(item.name);
    if (!item.wildcard && exact != by_name_.end()) {
      add(exact->second);
    } else if (item.wildcard || item.name.empty()) {
      // `$` alone means every anonymous string.
      for (size_t i = 0; i < rule_.strings.size(); ++i) {
        const std::string& name = rule_.strings[i].name;
        if (item.wildcard ? name.starts_with(item.name) : name.empty()) add(i);
      }
    }
    if (any) continue;
    return Fail(
        "undefined-string", item.at,
        "undefined string \"$" + item.name + (item.wildcard ? "*\"" : "\""));
  }
  return true;
}

// A string that nothing looks at is a slip of the pen, unless its name starts
// with an underscore.
bool Checker::CheckReferences() {
  for (const StringDecl& string : rule_.strings) {
    if (string.referenced || string.name.starts_with('_')) continue;
    return Fail("unreferenced-string", string.at,
                "unreferenced string \"$" + string.name + "\"");
  }
  return true;
}

}  // namespace vitrine::engine::yara
