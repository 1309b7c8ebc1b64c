// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>

#include "engine/yara/sema.h"

namespace vitrine::engine::yara {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

using Integer = std::optional<int64_t>;

Integer Shift(Op op, int64_t value, int64_t count) {
  if (count < 0) return std::nullopt;
  if (count >= 64) return 0;
  const auto bits = static_cast<unsigned>(count);
  if (op == Op::kShiftRight) return value >> bits;
  return static_cast<int64_t>(static_cast<uint64_t>(value) << bits);
}

// nullopt: has no value, or none that fits.
Integer Compute(Op op, int64_t a, int64_t b) {
  int64_t result = 0;
  switch (op) {
    case Op::kAdd:
      if (__builtin_add_overflow(a, b, &result)) return std::nullopt;
      return result;
    case Op::kSubtract:
      if (__builtin_sub_overflow(a, b, &result)) return std::nullopt;
      return result;
    case Op::kMultiply:
      if (__builtin_mul_overflow(a, b, &result)) return std::nullopt;
      // YARA compares magnitudes, so the least integer is too large a product.
      if (result == kMin && a != kMin && b != kMin) return std::nullopt;
      return result;
    case Op::kDivide:
      if (b == 0 || (a == kMin && b == -1)) return std::nullopt;
      return a / b;
    case Op::kModulo:
      if (b == 0 || (a == kMin && b == -1)) return std::nullopt;
      return a % b;
    case Op::kBitAnd:
      return a & b;
    case Op::kBitOr:
      return a | b;
    case Op::kBitXor:
      return a ^ b;
    case Op::kShiftLeft:
    case Op::kShiftRight:
      return Shift(op, a, b);
    default:
      return std::nullopt;
  }
}

const char* Spelling(Op op) {
  switch (op) {
    case Op::kAdd:
      return " + ";
    case Op::kSubtract:
      return " - ";
    case Op::kMultiply:
      return " * ";
    case Op::kDivide:
      return " \\ ";
    default:
      return " % ";
  }
}

Integer FoldUnary(Op op, Integer kid) {
  if (!kid) return std::nullopt;
  if (op == Op::kBitNot) return ~*kid;
  if (*kid == kMin) return std::nullopt;
  return -*kid;
}

Integer FoldBinary(Op op, Integer a, Integer b) {
  if (!a || !b) return std::nullopt;
  return Compute(op, *a, *b);
}

bool IsBitwise(Op op) {
  return op == Op::kBitAnd || op == Op::kBitOr || op == Op::kBitXor ||
         op == Op::kShiftLeft || op == Op::kShiftRight;
}

}  // namespace

std::optional<int64_t> IntegerOf(const modules::Value& value) {
  if (const auto* integer = std::get_if<int64_t>(&value)) return *integer;
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? 1 : 0;
  return std::nullopt;
}

bool Fold(Expr& expr, FoldError& error) {
  const Expr& a = *expr.kids[0];
  if (expr.kids.size() == 1) {
    expr.known = FoldUnary(expr.op, a.known);
    expr.constant = FoldUnary(expr.op, a.constant);
    return true;
  }
  if (expr.type != ValueType::kInteger) return true;
  const Expr& b = *expr.kids[1];
  expr.known = FoldBinary(expr.op, a.known, b.known);
  expr.constant = FoldBinary(expr.op, a.constant, b.constant);
  if (!b.known || expr.known) return true;
  if (IsBitwise(expr.op)) {
    if (expr.op != Op::kShiftLeft && expr.op != Op::kShiftRight) return true;
    // YARA says so even of what may turn out undefined.
    if (*b.known >= 64) expr.known = 0;
    if (*b.known >= 0) return true;
    error = {"invalid-operand", "shift by a negative number of bits"};
    return false;
  }
  if (*b.known == 0 && (expr.op == Op::kDivide || expr.op == Op::kModulo)) {
    error = {"division-by-zero", "division by zero"};
    return false;
  }
  if (!a.known) return true;
  // Modulo by -1 is undefined where it overflows, and no error.
  if (expr.op == Op::kModulo) return true;
  error = {"integer-overflow",
           "integer overflow in \"" + std::to_string(*a.known) +
               Spelling(expr.op) + std::to_string(*b.known) + "\""};
  return false;
}

}  // namespace vitrine::engine::yara
