// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/modules/module.h"

// Short spellings for schemas: tables of them stand in constant memory.
namespace vitrine::engine::modules {

constexpr Field IntField(std::string_view name) {
  return {.name = name, .type = Type::kInt};
}
constexpr Field StringField(std::string_view name) {
  return {.name = name, .type = Type::kString};
}
constexpr Field StructField(std::string_view name,
                            std::span<const Field> fields) {
  return {.name = name, .type = Type::kStruct, .fields = fields};
}
constexpr Field StructArrayField(std::string_view name,
                                 std::span<const Field> fields) {
  return {.name = name,
          .type = Type::kArray,
          .element = Type::kStruct,
          .fields = fields};
}
constexpr Field FunctionField(std::string_view name,
                              std::span<const Overload> overloads) {
  return {.name = name, .type = Type::kFunction, .overloads = overloads};
}
constexpr Field IntConstant(std::string_view name, int64_t value) {
  return {
      .name = name, .type = Type::kInt, .is_constant = true, .constant = value};
}
constexpr Field FloatConstant(std::string_view name, double value) {
  return {.name = name,
          .type = Type::kFloat,
          .is_constant = true,
          .constant = value};
}
constexpr Field StringConstant(std::string_view name, std::string_view value) {
  return {.name = name,
          .type = Type::kString,
          .is_constant = true,
          .constant = value};
}

// For modules that consist of functions and constants.
inline Node BuildNothing(ModuleContext&, size_t) { return Node(); }

// Unsigned numbers above the signed range wrap, as they do in YARA.
constexpr int64_t Signed(uint64_t value) { return static_cast<int64_t>(value); }
inline Node IntNode(uint64_t value) { return Node::Int(Signed(value)); }

// An argument. The evaluator gives what the overload asks for; whatever else
// arrives reads as zero, empty or null.
template <typename T>
T Argument(std::span<const Value> arguments, size_t index) {
  if (index >= arguments.size()) return T{};
  const T* const value = std::get_if<T>(&arguments[index]);
  return value != nullptr ? *value : T{};
}
inline int64_t IntArgument(std::span<const Value> arguments, size_t index) {
  return Argument<int64_t>(arguments, index);
}
inline double FloatArgument(std::span<const Value> arguments, size_t index) {
  return Argument<double>(arguments, index);
}
inline std::string_view TextArgument(std::span<const Value> arguments,
                                     size_t index) {
  return Argument<std::string_view>(arguments, index);
}
inline const RegexMatcher* RegexArgument(std::span<const Value> arguments,
                                         size_t index) {
  return Argument<const RegexMatcher*>(arguments, index);
}

}  // namespace vitrine::engine::modules
