// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>
#include <span>
#include <variant>

#include "engine/yara/evaluator.h"

// What modules know and do.
namespace vitrine::engine::yara {
namespace {

using modules::Field;
using modules::Type;

// A regular expression among a function's arguments.
class Matcher final : public modules::RegexMatcher {
 public:
  Matcher(Bytes program, Environment& environment)
      : program_(program), environment_(environment) {}

  bool Matches(std::string_view text) const override {
    const auto found = environment_.Matches(program_, AsBytes(text));
    if (found.ok()) return found.value();
    failure_ = found.error().code;
    return false;
  }
  // Set where Matches() could not tell.
  const std::optional<Code>& failure() const { return failure_; }

 private:
  Bytes program_;
  Environment& environment_;
  mutable std::optional<Code> failure_;
};

ScalarType ScalarOf(Type type) {
  switch (type) {
    case Type::kFloat:
      return ScalarType::kFloat;
    case Type::kString:
      return ScalarType::kText;
    default:
      return ScalarType::kInteger;
  }
}

// `value` as the argument of YARA's letter; nullopt: it is of another type.
std::optional<modules::Value> Argument(char letter, const Value& value,
                                       std::optional<Matcher>& matcher,
                                       Environment& environment) {
  switch (letter) {
    case 'i':
      if (!value.IsInteger()) return std::nullopt;
      return value.integer;
    case 'b':
      if (!value.IsInteger()) return std::nullopt;
      return value.integer != 0;
    case 'f':
      if (value.kind != Value::Kind::kFloat) return std::nullopt;
      return value.real;
    case 's':
      if (value.kind != Value::Kind::kText) return std::nullopt;
      return value.text;
    case 'r':
      if (value.kind != Value::Kind::kRegex) return std::nullopt;
      matcher.emplace(AsBytes(value.text), environment);
      return &*matcher;
    default:
      return std::nullopt;
  }
}

}  // namespace

Value FromModule(const modules::Value& value, ScalarType type) {
  switch (type) {
    case ScalarType::kInteger:
      if (const auto* integer = std::get_if<int64_t>(&value)) {
        return Value::Integer(*integer);
      }
      if (const auto* boolean = std::get_if<bool>(&value)) {
        return Value::Truth(*boolean);
      }
      break;
    case ScalarType::kFloat:
      if (const auto* real = std::get_if<double>(&value)) {
        return Value::Float(*real);
      }
      break;
    case ScalarType::kText:
      if (const auto* text = std::get_if<std::string_view>(&value)) {
        return Value::Text(*text);
      }
      break;
    case ScalarType::kStruct:
      break;
  }
  return Value::Undefined();
}

bool Evaluator::ReadImports() {
  const uint64_t count = in_.Varint();
  if (!in_.ok() || count > kModulesMax) return false;
  import_count_ = count;
  for (size_t i = 0; i < count; ++i) {
    const std::string_view name = in_.CountedText();
    imports_[i] = {name.data(), name.size(), nullptr, nullptr};
  }
  return in_.ok();
}

Evaluator::Import* Evaluator::ImportAt(uint8_t number) {
  if (number >= import_count_) return nullptr;
  Import& import = imports_[number];
  if (import.context == nullptr) {
    const std::string_view name(import.name, import.name_size);
    import.module = modules::FindModule(name);
    if (import.module == nullptr) return nullptr;
    import.context = &environment_.Module(name);
  }
  return &import;
}

// What a path leads to; null if a part of it is undefined.
const modules::Node* Evaluator::Walk() {
  uint64_t steps = 0;
  const modules::Node* node = WalkRoot(steps);
  // Behind the end there are zeros, which read as steps.
  for (; steps > 0 && in_.ok() && !failure_; --steps) node = WalkStep(node);
  return failure_ ? nullptr : node;
}

const modules::Node* Evaluator::WalkRoot(uint64_t& steps) {
  const auto root = static_cast<Root>(in_.U8());
  const uint8_t number = in_.U8();
  steps = in_.Varint();
  if (root == Root::kVariable && number < kVariablesMax) {
    const Value& variable = variables_[number];
    // A loop whose body is not running has left nothing here.
    if (variable.kind == Value::Kind::kNode) return variable.node;
    Fail();
    return nullptr;
  }
  Import* import = root == Root::kModule ? ImportAt(number) : nullptr;
  if (import == nullptr || steps == 0 ||
      static_cast<Step>(in_.U8()) != Step::kMember) {
    Fail();
    return nullptr;
  }
  --steps;
  const uint64_t index = in_.Varint();
  const auto fields = import->module->fields;
  if (!in_.ok() || index >= fields.size() || fields[index].is_constant ||
      fields[index].type == Type::kFunction) {
    Fail();
    return nullptr;
  }
  return &import->context->Top(index);
}

const modules::Node* Evaluator::WalkStep(const modules::Node* node) {
  const auto step = static_cast<Step>(in_.U8());
  if (step == Step::kMember) {
    const uint64_t index = in_.Varint();
    return node == nullptr ? nullptr : &(*node)[index];
  }
  const Value key = Node();
  if (failure_) return nullptr;
  if (!key.defined()) return nullptr;
  if (step == Step::kIndex && key.IsInteger()) {
    if (node == nullptr || key.integer < 0) return nullptr;
    return &(*node)[static_cast<size_t>(key.integer)];
  }
  if (step == Step::kKey && key.kind == Value::Kind::kText) {
    return node == nullptr ? nullptr : node->Find(key.text);
  }
  Fail();
  return nullptr;
}

Value Evaluator::ValueAt() {
  const uint8_t type = in_.U8();
  if (type >= static_cast<uint8_t>(ScalarType::kStruct)) return Fail();
  const modules::Node* node = Walk();
  if (node == nullptr) return Value::Undefined();
  return FromModule(node->value(), static_cast<ScalarType>(type));
}

// Goes down the schema to a function; null after a failure.
const Field* Evaluator::ReadFunction(const modules::Module& module) {
  std::span<const Field> fields = module.fields;
  const Field* field = nullptr;
  for (uint64_t steps = in_.Varint(); steps > 0 && in_.ok(); --steps) {
    const uint64_t index = in_.Varint();
    if (!in_.ok() || index >= fields.size()) return nullptr;
    field = &fields[index];
    fields = field->fields;
  }
  if (field == nullptr || field->type != Type::kFunction) return nullptr;
  return field;
}

Value Evaluator::Call() {
  Import* import = ImportAt(in_.U8());
  if (import == nullptr) return Fail();
  const Field* function = ReadFunction(*import->module);
  const uint64_t overload = in_.Varint();
  if (!in_.ok() || function == nullptr ||
      overload >= function->overloads.size()) {
    return Fail();
  }
  const modules::Overload& called = function->overloads[overload];
  const bool is_method = in_.U8() != 0;
  if (is_method ? !called.method : !called.call) return Fail();
  const modules::Node* self = is_method ? Walk() : nullptr;
  const uint8_t count = in_.U8();
  if (failure_ || count != called.arguments.size() || count > kArgumentsMax) {
    return Fail();
  }
  // A struct that is not there has no answers.
  bool defined = !is_method || (self != nullptr && self->size() > 0);
  std::array<modules::Value, kArgumentsMax> arguments;
  std::array<std::optional<Matcher>, kArgumentsMax> matchers;
  for (size_t i = 0; i < count; ++i) {
    const Value value = Node();
    if (failure_) return value;
    defined = defined && value.defined();
    if (!value.defined()) continue;
    const auto argument =
        Argument(called.arguments[i], value, matchers[i], environment_);
    if (!argument) return Fail();
    arguments[i] = *argument;
  }
  if (!defined) return Value::Undefined();
  // A function may read the whole object: too much for a loop between two
  // looks at the clock.
  if (environment_.deadline().Passed()) return Fail(Code::kDeadline);
  const auto given = std::span(arguments).first(size_t{count});
  const modules::Value result =
      is_method ? called.method(*import->context, *self, given)
                : called.call(*import->context, given);
  for (const auto& matcher : matchers) {
    if (matcher && matcher->failure()) return Fail(*matcher->failure());
  }
  return FromModule(result, ScalarOf(called.result));
}

}  // namespace vitrine::engine::yara
