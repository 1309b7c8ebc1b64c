// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "engine/yara/evaluator.h"

// Uses of the rule's own strings.
namespace vitrine::engine::yara {
namespace {

// The first match that starts at or after `offset`.
auto FirstFrom(const std::vector<Match>& matches, uint64_t offset) {
  return std::lower_bound(
      matches.begin(), matches.end(), offset,
      [](const Match& match, uint64_t at) { return match.offset < at; });
}

}  // namespace

std::optional<uint32_t> Evaluator::PatternOperand() {
  const uint64_t operand = in_.Varint();
  if (operand == 0) return current_;
  if (!in_.ok() || operand > UINT32_MAX) return std::nullopt;
  return static_cast<uint32_t>(operand - 1);
}

Value Evaluator::StringUse(Opcode code) {
  const auto operand = PatternOperand();
  if (!operand) return Fail();
  const uint32_t pattern = *operand;
  switch (code) {
    case Opcode::kFound:
      return Value::Truth(matches_.Exists(pattern));
    case Opcode::kFoundAt: {
      const Value offset = Node();
      return failure_ ? offset : FoundAt(pattern, offset);
    }
    case Opcode::kFoundIn:
    case Opcode::kCountIn: {
      const auto range = ReadRange();
      if (!range) return Value::Undefined();
      const auto count = CountIn(pattern, *range);
      if (!count) return Value::Undefined();
      if (code == Opcode::kFoundIn) return Value::Truth(*count > 0);
      return Value::Integer(static_cast<int64_t>(*count));
    }
    case Opcode::kCount:
      if (!matches_.Exists(pattern)) return Value::Integer(0);
      return Value::Integer(
          static_cast<int64_t>(matches_.All(pattern).matches.size()));
    case Opcode::kOffset:
    case Opcode::kLength:
      return MatchNumber(pattern, Value::Integer(1), code == Opcode::kLength);
    default: {
      const Value index = Node();
      if (failure_) return index;
      return MatchNumber(pattern, index, code == Opcode::kLengthOf);
    }
  }
}

Value Evaluator::FoundAt(uint32_t pattern, const Value& offset) {
  if (!offset.defined()) return offset;
  if (!offset.IsInteger()) return Fail();
  return Value::Truth(
      offset.integer >= 0 &&
      matches_.BeginsAt(pattern, static_cast<uint64_t>(offset.integer)));
}

std::optional<uint64_t> Evaluator::CountIn(uint32_t pattern,
                                           const Range& range) {
  if (range.high < 0 || range.low > range.high || !matches_.Exists(pattern)) {
    return 0;
  }
  const auto& all = matches_.All(pattern).matches;
  const auto low = static_cast<uint64_t>(std::max<int64_t>(range.low, 0));
  // High is an int64_t: one more fits.
  const auto high = static_cast<uint64_t>(range.high) + 1;
  return static_cast<uint64_t>(FirstFrom(all, high) - FirstFrom(all, low));
}

// @a[index] or !a[index]; the first is number 1.
Value Evaluator::MatchNumber(uint32_t pattern, const Value& index,
                             bool length) {
  if (!index.defined()) return index;
  if (!index.IsInteger()) return Fail();
  if (index.integer < 1 || !matches_.Exists(pattern)) {
    return Value::Undefined();
  }
  const auto& all = matches_.All(pattern).matches;
  const auto number = static_cast<uint64_t>(index.integer);
  if (number > all.size()) return Value::Undefined();
  const Match& match = all[number - 1];
  return Value::Integer(
      static_cast<int64_t>(length ? match.length : match.offset));
}

Value Evaluator::Of(Opcode code) {
  const Quantity quantity = ReadQuantity();
  std::optional<Range> range = Range{};
  if (code == Opcode::kOfIn) range = ReadRange();
  if (code == Opcode::kOfAt) {
    const Value at = Node();
    if (at.defined() && !at.IsInteger()) return Fail();
    range.reset();
    if (at.defined()) range = Range{at.integer, at.integer};
  }
  // Two passes: what a quantifier asks for depends on the set's size.
  const size_t start = in_.at();
  const auto size = SetSize();
  if (!size || failure_) return Fail();
  if (!range || quantity.undefined) return Value::Undefined();
  const size_t end = in_.at();
  in_.Seek(start);
  Tally tally(quantity, *size);
  // Of patterns, those that would have to be searched for.
  std::vector<uint32_t> unknown;
  const uint64_t runs = in_.Varint();
  for (uint64_t i = 0; i < runs && !tally.Settled(); ++i) {
    const uint64_t first = in_.Varint();
    const uint64_t length = in_.Varint();
    for (uint64_t k = 0; k < length && !tally.Settled(); ++k) {
      if (!Tick()) return Value::Undefined();
      if (const auto holds = OfMember(code, first + k, *range)) {
        tally.Add(*holds);
      } else {
        unknown.push_back(static_cast<uint32_t>(first + k));
      }
    }
  }
  for (size_t i = 0; i < unknown.size() && !tally.Settled(); ++i) {
    tally.Add(matches_.Exists(unknown[i]));
  }
  if (failure_) return Value::Undefined();
  in_.Seek(end);
  return Value::Truth(tally.Holds());
}

// Reads a set; nullopt: it is none.
std::optional<uint64_t> Evaluator::SetSize() {
  uint64_t size = 0;
  const uint64_t runs = in_.Varint();
  for (uint64_t i = 0; i < runs && in_.ok(); ++i) {
    const uint64_t first = in_.Varint();
    const uint64_t length = in_.Varint();
    if (first > UINT32_MAX || length > UINT32_MAX) return std::nullopt;
    size += length;
  }
  if (!in_.ok()) return std::nullopt;
  return size;
}

Value Evaluator::ForOf() {
  const Quantity quantity = ReadQuantity();
  const size_t start = in_.at();
  const auto size = SetSize();
  const size_t body = SkipCounted();
  if (!size || failure_) return Fail();
  if (quantity.undefined) return Value::Undefined();
  const size_t end = in_.at();
  const auto outer = current_;
  Tally tally(quantity, *size);
  in_.Seek(start);
  const uint64_t runs = in_.Varint();
  size_t at = in_.at();
  for (uint64_t i = 0; i < runs && !tally.Settled(); ++i) {
    in_.Seek(at);
    const uint64_t first = in_.Varint();
    const uint64_t length = in_.Varint();
    at = in_.at();
    for (uint64_t k = 0; k < length; ++k) {
      if (first + k > UINT32_MAX) return Fail();
      current_ = static_cast<uint32_t>(first + k);
      if (!Round(body, tally)) break;
    }
  }
  current_ = outer;
  if (failure_) return Value::Undefined();
  in_.Seek(end);
  return Value::Truth(tally.Holds());
}

// nullopt: a pattern that has to be searched for.
std::optional<bool> Evaluator::OfMember(Opcode code, uint64_t number,
                                        const Range& range) {
  if (number > UINT32_MAX) {
    Fail();
    return false;
  }
  const auto index = static_cast<uint32_t>(number);
  switch (code) {
    case Opcode::kOf:
      if (!matches_.IsKnown(index)) return std::nullopt;
      return matches_.Exists(index);
    case Opcode::kOfAt:
      return range.low >= 0 &&
             matches_.BeginsAt(index, static_cast<uint64_t>(range.low));
    case Opcode::kOfRules:
      // 0 is the rule itself, which does not hold yet.
      return index > 0 && environment_.RuleHolds(index - 1);
    default:
      return CountIn(index, range).value_or(0) > 0;
  }
}

}  // namespace vitrine::engine::yara
