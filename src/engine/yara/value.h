// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "engine/modules/module.h"

namespace vitrine::engine::yara {

// What an expression yields when a rule is evaluated. Truths are integers.
// Texts and nodes are somebody else's: code, object or module.
struct Value {
  enum class Kind : uint8_t {
    kUndefined,
    kInteger,
    kFloat,
    kText,
    kRegex,  // `text` is its program.
    kNode,   // A module's struct, array or dictionary; may be null.
  };
  Kind kind = Kind::kUndefined;
  union {
    int64_t integer = 0;
    double real;
    const modules::Node* node;
  };
  std::string_view text;

  static Value Undefined() { return {}; }
  static Value Integer(int64_t integer) {
    Value value;
    value.kind = Kind::kInteger;
    value.integer = integer;
    return value;
  }
  static Value Truth(bool truth) { return Integer(truth ? 1 : 0); }
  static Value Float(double real) {
    Value value;
    value.kind = Kind::kFloat;
    value.real = real;
    return value;
  }
  static Value Text(std::string_view text) {
    Value value;
    value.kind = Kind::kText;
    value.text = text;
    return value;
  }
  static Value Regex(Bytes program) {
    Value value = Text(AsText(program));
    value.kind = Kind::kRegex;
    return value;
  }
  static Value Node(const modules::Node* node) {
    Value value;
    value.kind = Kind::kNode;
    value.node = node;
    return value;
  }

  bool defined() const { return kind != Kind::kUndefined; }
  bool IsInteger() const { return kind == Kind::kInteger; }
  bool IsNumber() const {
    return kind == Kind::kInteger || kind == Kind::kFloat;
  }
  double AsFloat() const {
    return kind == Kind::kFloat ? real : static_cast<double>(integer);
  }
  // What `and`, `or` and loops take it for: undefined is not true.
  bool IsTrue() const {
    switch (kind) {
      case Kind::kUndefined:
      case Kind::kNode:
        return false;
      case Kind::kInteger:
        return integer != 0;
      case Kind::kFloat:
        return real != 0;
      case Kind::kText:
        return !text.empty();
      case Kind::kRegex:
        return true;
    }
    return false;
  }
};

}  // namespace vitrine::engine::yara
