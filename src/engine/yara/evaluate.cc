// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <limits>
#include <variant>

#include "base/byte_reader.h"
#include "engine/regex/regex.h"
#include "engine/yara/entry_point.h"
#include "engine/yara/evaluator.h"
#include "engine/yara/operations.h"

namespace vitrine::engine::yara {
namespace {

int64_t UnZigZag(uint64_t value) {
  return static_cast<int64_t>((value >> 1) ^ (0 - (value & 1)));
}

Value FromExternal(const External& external) {
  if (const auto* integer = std::get_if<int64_t>(&external)) {
    return Value::Integer(*integer);
  }
  if (const auto* real = std::get_if<double>(&external)) {
    return Value::Float(*real);
  }
  if (const auto* boolean = std::get_if<bool>(&external)) {
    return Value::Truth(*boolean);
  }
  return Value::Text(std::get<std::string>(external));
}

template <typename T, std::endian kOrder>
Value Read(Bytes bytes, int64_t offset) {
  if (offset < 0) return Value::Undefined();
  const auto value =
      ByteReader(bytes).Peek<kOrder, T>(static_cast<uint64_t>(offset));
  return value ? Value::Integer(*value) : Value::Undefined();
}

template <std::endian kOrder>
Value ReadAny(uint8_t bits, Bytes bytes, int64_t offset) {
  switch (bits & (kReadWidthMask | kReadSigned)) {
    case 0:
      return Read<uint8_t, kOrder>(bytes, offset);
    case 1:
      return Read<uint16_t, kOrder>(bytes, offset);
    case 2:
      return Read<uint32_t, kOrder>(bytes, offset);
    case kReadSigned:
      return Read<int8_t, kOrder>(bytes, offset);
    case kReadSigned | 1:
      return Read<int16_t, kOrder>(bytes, offset);
    default:
      return Read<int32_t, kOrder>(bytes, offset);
  }
}

}  // namespace

Result<bool> Environment::Matches(Bytes expression, Bytes text) {
  return regex::Matches(expression, text, deadline());
}

Result<bool> Evaluate(Bytes code, MatchSource& matches,
                      Environment& environment) {
  return Evaluator(code, matches, environment).Run();
}

Result<bool> Evaluator::Run() {
  if (in_.U8() != kCodeVersion || !ReadImports()) {
    return Error{Code::kInvalid, "bad YARA code"};
  }
  const Value value = Node();
  if (!failure_ && (!in_.ok() || !in_.AtEnd())) Fail();
  if (!failure_) return value.IsTrue();
  switch (*failure_) {
    case Code::kDeadline:
      return Error{*failure_, "YARA rule not finished in time"};
    case Code::kLimit:
      return Error{*failure_, "YARA rule takes too many steps"};
    default:
      return Error{*failure_, "bad YARA code"};
  }
}

Value Evaluator::Fail(Code code) {
  if (!failure_) failure_ = code;
  in_.Seek(size_);
  return Value::Undefined();
}

bool Evaluator::Tick() {
  if (failure_) return false;
  if (++steps_ > kStepsMax) {
    Fail(Code::kLimit);
  } else if (steps_ % kStepsPerClock == 0 && environment_.deadline().Passed()) {
    Fail(Code::kDeadline);
  }
  return !failure_;
}

Bytes Evaluator::bytes() {
  if (!bytes_) bytes_ = environment_.object().bytes();
  return *bytes_;
}

Value Evaluator::Node() {
  if (failure_ || !in_.ok() || in_.AtEnd() || depth_ >= kCodeDepthMax) {
    return Fail();
  }
  ++depth_;
  const auto code = static_cast<Opcode>(in_.U8());
  Value value;
  if (code <= Opcode::kEntrypoint) {
    value = Leaf(code);
  } else if (code <= Opcode::kLengthOf) {
    value = StringUse(code);
  } else {
    value = Operator(code);
  }
  --depth_;
  return in_.ok() ? value : Fail();
}

Value Evaluator::Leaf(Opcode code) {
  switch (code) {
    case Opcode::kFalse:
      return Value::Truth(false);
    case Opcode::kTrue:
      return Value::Truth(true);
    case Opcode::kInteger:
      return Value::Integer(UnZigZag(in_.Varint()));
    case Opcode::kFloat:
      return Value::Float(in_.F64());
    case Opcode::kText:
      return Value::Text(in_.CountedText());
    case Opcode::kRegex:
      return Value::Regex(in_.Counted());
    case Opcode::kFilesize:
      return Value::Integer(static_cast<int64_t>(bytes().size()));
    case Opcode::kEntrypoint:
      return EntryPoint();
    default:
      return Fail();
  }
}

Value Evaluator::Operator(Opcode code) {
  switch (code) {
    case Opcode::kRule: {
      const uint64_t index = in_.Varint();
      if (!in_.ok() || index > UINT32_MAX) return Fail();
      return Value::Truth(environment_.RuleHolds(static_cast<uint32_t>(index)));
    }
    case Opcode::kExternal:
      return External();
    case Opcode::kVariable: {
      const uint8_t slot = in_.U8();
      return slot < kVariablesMax ? variables_[slot] : Fail();
    }
    case Opcode::kValueAt:
      return ValueAt();
    case Opcode::kCall:
      return Call();
    case Opcode::kReadInteger:
      return ReadInteger();
    case Opcode::kNegate:
    case Opcode::kBitNot:
    case Opcode::kNot:
    case Opcode::kDefined:
      return Unary(code);
    case Opcode::kAnd:
      return Junction(true);
    case Opcode::kOr:
      return Junction(false);
    case Opcode::kOf:
    case Opcode::kOfIn:
    case Opcode::kOfAt:
    case Opcode::kOfRules:
      return Of(code);
    case Opcode::kForOf:
      return ForOf();
    case Opcode::kForRange:
      return ForRange();
    case Opcode::kForList:
      return ForList();
    case Opcode::kForArray:
      return ForNodes(false);
    case Opcode::kForDict:
      return ForNodes(true);
    default:
      break;
  }
  if (code > Opcode::kLast) return Fail();
  const Value a = Node();
  const Value b = Node();
  if (failure_) return Value::Undefined();
  if (code <= Opcode::kShiftRight) return Checked(ApplyArithmetic(code, a, b));
  if (code <= Opcode::kGreaterEqual)
    return Checked(ApplyComparison(code, a, b));
  if (code <= Opcode::kIEquals) return Checked(ApplyText(code, a, b));
  return Matches(a, b);
}

Value Evaluator::Unary(Opcode code) {
  const Value a = Node();
  if (code == Opcode::kDefined) return Value::Truth(a.defined());
  if (code != Opcode::kNot) return Checked(ApplyUnary(code, a));
  return a.defined() ? Value::Truth(!a.IsTrue()) : a;
}

// Undefined operands are not true; the result is always defined.
Value Evaluator::Junction(bool is_and) {
  const uint32_t size = in_.U32();
  if (!in_.ok() || size > size_ - in_.at()) return Fail();
  const size_t end = in_.at() + size;
  bool result = is_and;
  while (in_.at() < end && result == is_and) {
    result = Node().IsTrue();
    if (failure_) return Value::Undefined();
  }
  if (in_.at() > end) return Fail();
  in_.Seek(end);
  return Value::Truth(result);
}

Value Evaluator::External() {
  const std::string_view name = in_.CountedText();
  const auto type = static_cast<ExternalType>(in_.U8());
  Value value;
  switch (type) {
    case ExternalType::kInteger:
      value = Value::Integer(UnZigZag(in_.Varint()));
      break;
    case ExternalType::kFloat:
      value = Value::Float(in_.F64());
      break;
    case ExternalType::kBool:
      value = Value::Truth(in_.U8() != 0);
      break;
    case ExternalType::kText:
      value = Value::Text(in_.CountedText());
      break;
    default:
      return Fail();
  }
  if (!in_.ok()) return Fail();
  const yara::External* given = environment_.Find(name);
  if (given == nullptr) return value;
  const Value now = FromExternal(*given);
  // The rule was compiled for another type: it can't be asked.
  return now.kind == value.kind ? now : Value::Undefined();
}

Value Evaluator::ReadInteger() {
  const uint8_t bits = in_.U8();
  const Value offset = Node();
  if (failure_) return offset;
  if ((bits & kReadWidthMask) > 2) return Fail();
  if (!offset.defined()) return offset;
  if (!offset.IsInteger()) return Fail();
  if ((bits & kReadBigEndian) != 0) {
    return ReadAny<std::endian::big>(bits, bytes(), offset.integer);
  }
  return ReadAny<std::endian::little>(bits, bytes(), offset.integer);
}

Value Evaluator::EntryPoint() {
  const auto offset = EntryPointOf(environment_.object());
  if (!offset || *offset > uint64_t{INT64_MAX}) return Value::Undefined();
  return Value::Integer(static_cast<int64_t>(*offset));
}

Value Evaluator::Matches(const Value& text, const Value& regex) {
  if (regex.kind != Value::Kind::kRegex) return Fail();
  if (!text.defined()) return text;
  if (text.kind != Value::Kind::kText) return Fail();
  const auto found =
      environment_.Matches(AsBytes(regex.text), AsBytes(text.text));
  if (!found.ok()) return Fail(found.error().code);
  return Value::Truth(found.value());
}

}  // namespace vitrine::engine::yara
