// SPDX-License-Identifier: Apache-2.0
#include "engine/yara/codegen.h"

#include <algorithm>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "base/code.h"
#include "engine/yara/cost.h"
#include "engine/yara/opcode.h"

namespace vitrine::engine::yara {
namespace {

// Operators stand in the same order in the tree and in code.
Opcode OperatorCode(Op op) {
  constexpr int kShift =
      static_cast<int>(Opcode::kNegate) - static_cast<int>(Op::kNegate);
  static_assert(static_cast<int>(Op::kAdd) + kShift ==
                static_cast<int>(Opcode::kAdd));
  static_assert(static_cast<int>(Op::kEqual) + kShift ==
                static_cast<int>(Opcode::kEqual));
  static_assert(static_cast<int>(Op::kMatches) + kShift ==
                static_cast<int>(Opcode::kMatches));
  return static_cast<Opcode>(static_cast<int>(op) + kShift);
}

uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^
         static_cast<uint64_t>(value >> 63);
}

class Generator {
 public:
  explicit Generator(const RuleDecl& rule) : rule_(rule) {}
  ByteVector Run();

 private:
  void Node(const Expr& expr);
  void Leaf(const Expr& expr);
  void StringUse(const Expr& expr);
  void Name(const Expr& expr);
  void External(const Expr& expr);
  void Constant(const modules::Value& value);
  void Path(const Expr& expr);
  void SchemaPath(const Expr& expr, std::vector<int64_t>& fields);
  void Call(const Expr& expr);
  void Junction(const Expr& expr);
  void Quantified(const Expr& expr);
  void Of(const Expr& expr);
  void Body(const Expr& body);
  void Items(const std::vector<ExprPtr>& items);
  void ForIn(const Expr& expr);
  void Set(const std::vector<uint32_t>& members, bool of_rules);
  void Quantity(const Quantifier& quantifier);

  void Put(Opcode code) { out_.U8(static_cast<uint8_t>(code)); }
  void Integer(int64_t value) {
    Put(Opcode::kInteger);
    out_.Varint(ZigZag(value));
  }
  void Kids(const Expr& expr) {
    for (const ExprPtr& kid : expr.kids) Node(*kid);
  }

  const RuleDecl& rule_;
  CodeWriter out_;
};

ByteVector Generator::Run() {
  out_.U8(kCodeVersion);
  out_.Varint(rule_.modules.size());
  for (const modules::Module* module : rule_.modules) {
    out_.Counted(module->name);
  }
  Node(*rule_.condition);
  return out_.Take();
}

void Generator::Node(const Expr& expr) {
  if (expr.constant && expr.type == ValueType::kInteger) {
    return Integer(*expr.constant);
  }
  switch (expr.op) {
    case Op::kBool:
    case Op::kInteger:
    case Op::kFloat:
    case Op::kText:
    case Op::kRegex:
    case Op::kFilesize:
    case Op::kEntrypoint:
      return Leaf(expr);
    case Op::kFound:
    case Op::kFoundAt:
    case Op::kFoundIn:
    case Op::kCount:
    case Op::kCountIn:
    case Op::kOffset:
    case Op::kLength:
      return StringUse(expr);
    case Op::kName:
    case Op::kMember:
    case Op::kIndex:
    case Op::kCall:
      return Name(expr);
    case Op::kReadInteger:
      Put(Opcode::kReadInteger);
      out_.U8(ReadBits(expr.text));
      return Kids(expr);
    case Op::kAnd:
    case Op::kOr:
      return Junction(expr);
    case Op::kOf:
    case Op::kForOf:
    case Op::kForIn:
      return Quantified(expr);
    default:
      Put(OperatorCode(expr.op));
      return Kids(expr);
  }
}

void Generator::Leaf(const Expr& expr) {
  switch (expr.op) {
    case Op::kBool:
      return Put(expr.integer != 0 ? Opcode::kTrue : Opcode::kFalse);
    case Op::kFloat:
      Put(Opcode::kFloat);
      return out_.F64(expr.real);
    case Op::kText:
      Put(Opcode::kText);
      return out_.Counted(expr.text);
    case Op::kRegex:
      Put(Opcode::kRegex);
      return out_.Counted(expr.regex);
    case Op::kFilesize:
      return Put(Opcode::kFilesize);
    case Op::kEntrypoint:
      return Put(Opcode::kEntrypoint);
    default:
      return Integer(expr.integer);
  }
}

void Generator::StringUse(const Expr& expr) {
  switch (expr.op) {
    case Op::kFound:
      Put(Opcode::kFound);
      break;
    case Op::kFoundAt:
      Put(Opcode::kFoundAt);
      break;
    case Op::kFoundIn:
      Put(Opcode::kFoundIn);
      break;
    case Op::kCount:
      Put(Opcode::kCount);
      break;
    case Op::kCountIn:
      Put(Opcode::kCountIn);
      break;
    case Op::kOffset:
      Put(expr.kids.empty() ? Opcode::kOffset : Opcode::kOffsetOf);
      break;
    default:
      Put(expr.kids.empty() ? Opcode::kLength : Opcode::kLengthOf);
      break;
  }
  out_.Varint(expr.text.empty() ? 0 : uint64_t{expr.pattern} + 1);
  Kids(expr);
}

void Generator::Name(const Expr& expr) {
  const Resolved& at = expr.resolved;
  if (expr.op == Op::kCall) return Call(expr);
  if (expr.op == Op::kName) {
    switch (at.kind) {
      case Resolved::Kind::kVariable:
        Put(Opcode::kVariable);
        return out_.U8(static_cast<uint8_t>(at.index));
      case Resolved::Kind::kExternal:
        return External(expr);
      default:
        if (at.index == kSelf) return Put(Opcode::kFalse);
        Put(Opcode::kRule);
        return out_.Varint(at.index);
    }
  }
  if (expr.op == Op::kMember && at.field->is_constant) {
    return Constant(at.field->constant);
  }
  Put(Opcode::kValueAt);
  ScalarType type = ScalarType::kInteger;
  if (expr.type == ValueType::kFloat) type = ScalarType::kFloat;
  if (expr.type == ValueType::kText) type = ScalarType::kText;
  out_.U8(static_cast<uint8_t>(type));
  Path(expr);
}

void Generator::External(const Expr& expr) {
  Put(Opcode::kExternal);
  out_.Counted(expr.text);
  const yara::External& value = *expr.resolved.external;
  if (const auto* integer = std::get_if<int64_t>(&value)) {
    out_.U8(static_cast<uint8_t>(ExternalType::kInteger));
    out_.Varint(ZigZag(*integer));
  } else if (const auto* real = std::get_if<double>(&value)) {
    out_.U8(static_cast<uint8_t>(ExternalType::kFloat));
    out_.F64(*real);
  } else if (const auto* boolean = std::get_if<bool>(&value)) {
    out_.U8(static_cast<uint8_t>(ExternalType::kBool));
    out_.U8(*boolean ? 1 : 0);
  } else {
    out_.U8(static_cast<uint8_t>(ExternalType::kText));
    out_.Counted(std::get<std::string>(value));
  }
}

void Generator::Constant(const modules::Value& value) {
  if (const auto* real = std::get_if<double>(&value)) {
    Put(Opcode::kFloat);
    return out_.F64(*real);
  }
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    Put(Opcode::kText);
    return out_.Counted(*text);
  }
  const auto* boolean = std::get_if<bool>(&value);
  Integer(boolean != nullptr ? *boolean : std::get<int64_t>(value));
}

void Generator::Path(const Expr& expr) {
  std::vector<const Expr*> steps;
  const Expr* at = &expr;
  for (; at->op != Op::kName; at = at->kids[0].get()) steps.push_back(at);
  const bool variable = at->resolved.kind == Resolved::Kind::kVariable;
  out_.U8(static_cast<uint8_t>(variable ? Root::kVariable : Root::kModule));
  out_.U8(static_cast<uint8_t>(at->resolved.index));
  out_.Varint(steps.size());
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if ((*step)->op == Op::kMember) {
      out_.U8(static_cast<uint8_t>(Step::kMember));
      out_.Varint(static_cast<uint64_t>((*step)->integer));
      continue;
    }
    const Expr& key = *(*step)->kids[1];
    const bool is_dict = key.type == ValueType::kText;
    out_.U8(static_cast<uint8_t>(is_dict ? Step::kKey : Step::kIndex));
    Node(key);
  }
}

// The numbers of the fields from the module down to `expr`.
void Generator::SchemaPath(const Expr& expr, std::vector<int64_t>& fields) {
  if (expr.op == Op::kMember || expr.op == Op::kIndex) {
    SchemaPath(*expr.kids[0], fields);
    if (expr.op == Op::kMember) fields.push_back(expr.integer);
  } else if (expr.resolved.origin != nullptr) {
    SchemaPath(*expr.resolved.origin, fields);
  }
}

void Generator::Call(const Expr& expr) {
  const Expr& callee = *expr.kids[0];
  Put(Opcode::kCall);
  out_.U8(static_cast<uint8_t>(expr.resolved.module_slot));
  std::vector<int64_t> fields;
  SchemaPath(callee, fields);
  out_.Varint(fields.size());
  for (const int64_t field : fields) out_.Varint(static_cast<uint64_t>(field));
  out_.Varint(expr.overload);
  out_.U8(expr.is_method ? 1 : 0);
  if (expr.is_method) Path(*callee.kids[0]);
  out_.U8(static_cast<uint8_t>(expr.kids.size() - 1));
  for (size_t i = 1; i < expr.kids.size(); ++i) Node(*expr.kids[i]);
}

// Order does not change what `and` and `or` yield, so the cheap come first;
// except where an operand has an effect.
void Generator::Junction(const Expr& expr) {
  std::vector<std::pair<Cost, const Expr*>> kids;
  bool effects = false;
  for (const ExprPtr& kid : expr.kids) {
    kids.emplace_back(CostOf(*kid, rule_), kid.get());
    effects = effects || HasEffect(*kid);
  }
  if (!effects) {
    std::stable_sort(
        kids.begin(), kids.end(),
        [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  Put(expr.op == Op::kAnd ? Opcode::kAnd : Opcode::kOr);
  const size_t size_at = out_.size();
  out_.U32(0);
  for (const auto& [cost, kid] : kids) Node(*kid);
  out_.PatchU32(size_at, static_cast<uint32_t>(out_.size() - size_at - 4));
}

void Generator::Quantified(const Expr& expr) {
  if (expr.op == Op::kOf) return Of(expr);
  if (expr.op == Op::kForIn) return ForIn(expr);
  Put(Opcode::kForOf);
  Quantity(expr.quantifier);
  Set(expr.selection->members, false);
  Body(*expr.kids[0]);
}

void Generator::Of(const Expr& expr) {
  const Selection& set = *expr.selection;
  if (set.of_rules) {
    Put(Opcode::kOfRules);
  } else if (set.where == Selection::Where::kIn) {
    Put(Opcode::kOfIn);
  } else if (set.where == Selection::Where::kAt) {
    Put(Opcode::kOfAt);
  } else {
    Put(Opcode::kOf);
  }
  Quantity(expr.quantifier);
  for (const ExprPtr& bound : set.bounds) Node(*bound);
  Set(set.members, set.of_rules);
}

void Generator::Quantity(const Quantifier& quantifier) {
  // The two enumerations stand in the same order.
  out_.U8(static_cast<uint8_t>(quantifier.kind));
  if (quantifier.value) Node(*quantifier.value);
}

void Generator::Set(const std::vector<uint32_t>& members, bool of_rules) {
  std::vector<std::pair<uint64_t, uint64_t>> runs;
  for (const uint32_t member : members) {
    uint64_t number = member;
    if (of_rules) number = member == kSelf ? 0 : number + 1;
    if (!runs.empty() && runs.back().first + runs.back().second == number) {
      ++runs.back().second;
    } else {
      runs.emplace_back(number, 1);
    }
  }
  out_.Varint(runs.size());
  for (const auto& [first, length] : runs) {
    out_.Varint(first);
    out_.Varint(length);
  }
}

void Generator::Body(const Expr& body) {
  const size_t size_at = out_.size();
  out_.U32(0);
  Node(body);
  out_.PatchU32(size_at, static_cast<uint32_t>(out_.size() - size_at - 4));
}

void Generator::Items(const std::vector<ExprPtr>& items) {
  const size_t size_at = out_.size();
  out_.U32(0);
  out_.Varint(items.size());
  for (const ExprPtr& item : items) Node(*item);
  out_.PatchU32(size_at, static_cast<uint32_t>(out_.size() - size_at - 4));
}

void Generator::ForIn(const Expr& expr) {
  const Loop& loop = *expr.loop;
  if (loop.kind == Loop::Kind::kRange) {
    Put(Opcode::kForRange);
  } else if (loop.kind == Loop::Kind::kList) {
    Put(Opcode::kForList);
  } else {
    Put(loop.shape == Loop::Shape::kDict ? Opcode::kForDict
                                         : Opcode::kForArray);
  }
  Quantity(expr.quantifier);
  out_.U8(static_cast<uint8_t>(loop.first_slot));
  switch (loop.kind) {
    case Loop::Kind::kRange:
      for (const ExprPtr& bound : loop.items) Node(*bound);
      return Body(*expr.kids[0]);
    case Loop::Kind::kList:
      Body(*expr.kids[0]);
      return Items(loop.items);
    case Loop::Kind::kObject: {
      ScalarType type = ScalarType::kStruct;
      const modules::Type element = loop.items[0]->resolved.field->element;
      if (element == modules::Type::kInt || element == modules::Type::kBool) {
        type = ScalarType::kInteger;
      }
      if (element == modules::Type::kFloat) type = ScalarType::kFloat;
      if (element == modules::Type::kString) type = ScalarType::kText;
      out_.U8(static_cast<uint8_t>(type));
      Path(*loop.items[0]);
      return Body(*expr.kids[0]);
    }
  }
}

}  // namespace

uint8_t ReadBits(const std::string& name) {
  uint8_t bits = 0;
  if (name.find("16") != name.npos) bits = 1;
  if (name.find("32") != name.npos) bits = 2;
  if (name[0] == 'i') bits |= kReadSigned;
  if (name.ends_with("be")) bits |= kReadBigEndian;
  return bits;
}

ByteVector Generate(const RuleDecl& rule) { return Generator(rule).Run(); }

}  // namespace vitrine::engine::yara
