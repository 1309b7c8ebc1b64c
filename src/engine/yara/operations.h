// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "engine/yara/opcode.h"
#include "engine/yara/value.h"

// YARA's operators. Each yields undefined if an operand is, and nullopt if the
// operands are of types it does not take, which only bad code brings about.
namespace vitrine::engine::yara {

// kNegate, kBitNot
std::optional<Value> ApplyUnary(Opcode op, const Value& a);
// kAdd to kShiftRight
std::optional<Value> ApplyArithmetic(Opcode op, const Value& a, const Value& b);
// kEqual to kGreaterEqual
std::optional<Value> ApplyComparison(Opcode op, const Value& a, const Value& b);
// kContains to kIEquals
std::optional<Value> ApplyText(Opcode op, const Value& a, const Value& b);

}  // namespace vitrine::engine::yara
