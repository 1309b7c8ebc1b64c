// SPDX-License-Identifier: Apache-2.0
#include "engine/yara/operations.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/text.h"

namespace vitrine::engine::yara {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

// Integers wrap, as YARA's do.
Value Wrapped(uint64_t value) {
  return Value::Integer(static_cast<int64_t>(value));
}

Value Shift(Opcode op, int64_t value, int64_t count) {
  if (count < 0) return Value::Undefined();
  if (count >= 64) return Value::Integer(0);
  const auto bits = static_cast<unsigned>(count);
  if (op == Opcode::kShiftRight) return Value::Integer(value >> bits);
  return Wrapped(static_cast<uint64_t>(value) << bits);
}

std::optional<Value> IntegerArithmetic(Opcode op, int64_t a, int64_t b) {
  const auto x = static_cast<uint64_t>(a);
  const auto y = static_cast<uint64_t>(b);
  const bool divides = b != 0 && !(a == kMin && b == -1);
  switch (op) {
    case Opcode::kAdd:
      return Wrapped(x + y);
    case Opcode::kSubtract:
      return Wrapped(x - y);
    case Opcode::kMultiply:
      return Wrapped(x * y);
    case Opcode::kDivide:
      return divides ? Value::Integer(a / b) : Value::Undefined();
    case Opcode::kModulo:
      return divides ? Value::Integer(a % b) : Value::Undefined();
    case Opcode::kBitAnd:
      return Value::Integer(a & b);
    case Opcode::kBitOr:
      return Value::Integer(a | b);
    case Opcode::kBitXor:
      return Value::Integer(a ^ b);
    case Opcode::kShiftLeft:
    case Opcode::kShiftRight:
      return Shift(op, a, b);
    default:
      return std::nullopt;
  }
}

std::optional<Value> FloatArithmetic(Opcode op, double a, double b) {
  switch (op) {
    case Opcode::kAdd:
      return Value::Float(a + b);
    case Opcode::kSubtract:
      return Value::Float(a - b);
    case Opcode::kMultiply:
      return Value::Float(a * b);
    case Opcode::kDivide:
      return Value::Float(a / b);
    default:
      return std::nullopt;
  }
}

template <typename T>
std::optional<Value> Compare(Opcode op, const T& a, const T& b) {
  switch (op) {
    case Opcode::kEqual:
      return Value::Truth(a == b);
    case Opcode::kNotEqual:
      return Value::Truth(a != b);
    case Opcode::kLess:
      return Value::Truth(a < b);
    case Opcode::kLessEqual:
      return Value::Truth(a <= b);
    case Opcode::kGreater:
      return Value::Truth(a > b);
    case Opcode::kGreaterEqual:
      return Value::Truth(a >= b);
    default:
      return std::nullopt;
  }
}

// Floats that are nearer than this are equal, to YARA, whatever their size: so
// infinity neither equals nor differs from itself.
std::optional<Value> CompareFloats(Opcode op, double a, double b) {
  constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
  const double distance = std::fabs(a - b);
  if (op == Opcode::kEqual) return Value::Truth(distance < kEpsilon);
  if (op == Opcode::kNotEqual) return Value::Truth(distance >= kEpsilon);
  return Compare(op, a, b);
}

// By YARA's order: bytes are signed.
int OrderOf(std::string_view a, std::string_view b) {
  const size_t common = std::min(a.size(), b.size());
  for (size_t i = 0; i < common; ++i) {
    const auto x = static_cast<signed char>(a[i]);
    const auto y = static_cast<signed char>(b[i]);
    if (x != y) return x < y ? -1 : 1;
  }
  if (a.size() == b.size()) return 0;
  return a.size() < b.size() ? -1 : 1;
}

bool EqualNoCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return ToLower(static_cast<uint8_t>(x)) == ToLower(static_cast<uint8_t>(y));
  });
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

// Linear but for repetitive texts; both come from rules and modules, whose
// texts are short.
bool ContainsNoCase(std::string_view text, std::string_view part) {
  const auto found = std::search(text.begin(), text.end(), part.begin(),
                                 part.end(), [](char x, char y) {
                                   return ToLower(static_cast<uint8_t>(x)) ==
                                          ToLower(static_cast<uint8_t>(y));
                                 });
  return part.empty() || found != text.end();
}

std::string_view Head(std::string_view text, size_t size) {
  return text.substr(0, size);
}

std::string_view Tail(std::string_view text, size_t size) {
  return size > text.size() ? text : text.substr(text.size() - size);
}

}  // namespace

std::optional<Value> ApplyUnary(Opcode op, const Value& a) {
  if (!a.defined()) return Value::Undefined();
  if (a.IsInteger()) {
    if (op == Opcode::kBitNot) return Value::Integer(~a.integer);
    return Wrapped(0 - static_cast<uint64_t>(a.integer));
  }
  if (op == Opcode::kNegate && a.IsNumber()) return Value::Float(-a.real);
  return std::nullopt;
}

std::optional<Value> ApplyArithmetic(Opcode op, const Value& a,
                                     const Value& b) {
  if (!a.defined() || !b.defined()) return Value::Undefined();
  if (a.IsInteger() && b.IsInteger()) {
    return IntegerArithmetic(op, a.integer, b.integer);
  }
  if (!a.IsNumber() || !b.IsNumber()) return std::nullopt;
  return FloatArithmetic(op, a.AsFloat(), b.AsFloat());
}

std::optional<Value> ApplyComparison(Opcode op, const Value& a,
                                     const Value& b) {
  if (!a.defined() || !b.defined()) return Value::Undefined();
  if (a.IsInteger() && b.IsInteger()) return Compare(op, a.integer, b.integer);
  if (a.IsNumber() && b.IsNumber()) {
    return CompareFloats(op, a.AsFloat(), b.AsFloat());
  }
  if (a.kind != Value::Kind::kText || b.kind != Value::Kind::kText) {
    return std::nullopt;
  }
  return Compare(op, OrderOf(a.text, b.text), 0);
}

std::optional<Value> ApplyText(Opcode op, const Value& a, const Value& b) {
  if (!a.defined() || !b.defined()) return Value::Undefined();
  if (a.kind != Value::Kind::kText || b.kind != Value::Kind::kText) {
    return std::nullopt;
  }
  const size_t size = b.text.size();
  switch (op) {
    case Opcode::kContains:
      return Value::Truth(Contains(a.text, b.text));
    case Opcode::kIContains:
      return Value::Truth(ContainsNoCase(a.text, b.text));
    case Opcode::kStartsWith:
      return Value::Truth(a.text.starts_with(b.text));
    case Opcode::kIStartsWith:
      return Value::Truth(EqualNoCase(Head(a.text, size), b.text));
    case Opcode::kEndsWith:
      return Value::Truth(a.text.ends_with(b.text));
    case Opcode::kIEndsWith:
      return Value::Truth(EqualNoCase(Tail(a.text, size), b.text));
    case Opcode::kIEquals:
      return Value::Truth(EqualNoCase(a.text, b.text));
    default:
      return std::nullopt;
  }
}

}  // namespace vitrine::engine::yara
