// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>

#include "engine/yara/evaluator.h"

// Quantifiers and loops.
namespace vitrine::engine::yara {

Evaluator::Tally::Tally(const Quantity& quantity, uint64_t size) : left_(size) {
  switch (quantity.kind) {
    case Quantify::kAll:
      needed_ = size;
      return;
    case Quantify::kAny:
      needed_ = 1;
      return;
    case Quantify::kNone:
      none_ = true;
      return;
    case Quantify::kCount:
      // 0 is none and not "at least 0"; less than that always holds.
      none_ = quantity.value == 0;
      if (quantity.value > 0) needed_ = static_cast<uint64_t>(quantity.value);
      return;
    case Quantify::kPercent:
      if (quantity.value <= 0) return;
      // Of over 100 % there are never enough.
      needed_ = quantity.value > 100
                    ? size + 1
                    : static_cast<uint64_t>(
                          std::ceil(static_cast<double>(size) *
                                    static_cast<double>(quantity.value) / 100));
      return;
  }
}

Evaluator::Quantity Evaluator::ReadQuantity() {
  Quantity quantity;
  const uint8_t kind = in_.U8();
  if (kind > static_cast<uint8_t>(Quantify::kPercent)) {
    Fail();
    return quantity;
  }
  quantity.kind = static_cast<Quantify>(kind);
  if (quantity.kind < Quantify::kCount) return quantity;
  const Value value = Node();
  if (value.IsInteger()) {
    quantity.value = value.integer;
  } else if (value.defined()) {
    Fail();
  } else if (quantity.kind == Quantify::kPercent) {
    quantity.undefined = true;
  } else {
    quantity.kind = Quantify::kAll;  // An undefined count is all, to YARA.
  }
  return quantity;
}

// Two nodes; nullopt if one is undefined.
std::optional<Evaluator::Range> Evaluator::ReadRange() {
  const Value low = Node();
  const Value high = Node();
  if (!low.defined() || !high.defined()) return std::nullopt;
  if (low.IsInteger() && high.IsInteger()) {
    return Range{low.integer, high.integer};
  }
  Fail();
  return std::nullopt;
}

uint8_t Evaluator::ReadSlot(size_t count) {
  const uint8_t slot = in_.U8();
  if (slot + count <= kVariablesMax) return slot;
  Fail();
  return 0;
}

size_t Evaluator::SkipCounted() {
  const uint32_t size = in_.U32();
  const size_t start = in_.at();
  if (!in_.ok() || size > size_ - start) {
    Fail();
    return size_;
  }
  in_.Seek(start + size);
  return start;
}

// Counts bodies that hold. (YARA adds up what they yield, so that to it
// `for all i in (1..2) : (5)` does not hold.)
bool Evaluator::Round(size_t body, Tally& tally) {
  if (!Tick()) return false;
  in_.Seek(body);
  tally.Add(Node().IsTrue());
  return !failure_ && !tally.Settled();
}

Value Evaluator::ForRange() {
  const Quantity quantity = ReadQuantity();
  const uint8_t slot = ReadSlot(1);
  const auto range = ReadRange();
  const size_t body = SkipCounted();
  if (failure_) return Value::Undefined();
  const size_t end = in_.at();
  if (quantity.undefined) return Value::Undefined();
  if (!range || range->low > range->high) return Value::Truth(false);
  const uint64_t last =
      static_cast<uint64_t>(range->high) - static_cast<uint64_t>(range->low);
  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  Tally tally(quantity, last == kMax ? last : last + 1);
  for (int64_t i = range->low; !tally.Settled(); ++i) {
    variables_[slot] = Value::Integer(i);
    if (!Round(body, tally) || i == range->high) break;
  }
  if (failure_) return Value::Undefined();
  in_.Seek(end);
  return Value::Truth(tally.Holds());
}

Value Evaluator::ForList() {
  const Quantity quantity = ReadQuantity();
  const uint8_t slot = ReadSlot(1);
  const size_t body = SkipCounted();
  size_t items = SkipCounted();
  if (failure_) return Value::Undefined();
  const size_t end = in_.at();
  if (quantity.undefined) return Value::Undefined();
  in_.Seek(items);
  const uint64_t count = in_.Varint();
  // An item takes a byte at least.
  if (count == 0 || count > end - items) return Fail();
  items = in_.at();
  Tally tally(quantity, count);
  for (uint64_t i = 0; i < count && !tally.Settled(); ++i) {
    in_.Seek(items);
    variables_[slot] = Node();
    items = in_.at();
    if (items > end) return Fail();
    if (!Round(body, tally)) break;
  }
  if (failure_) return Value::Undefined();
  in_.Seek(end);
  return Value::Truth(tally.Holds());
}

Value Evaluator::ForNodes(bool is_dict) {
  const Quantity quantity = ReadQuantity();
  const uint8_t slot = ReadSlot(is_dict ? 2 : 1);
  const uint8_t type = in_.U8();
  const modules::Node* list = Walk();
  const size_t body = SkipCounted();
  if (failure_) return Value::Undefined();
  if (type > static_cast<uint8_t>(ScalarType::kStruct)) return Fail();
  const size_t end = in_.at();
  if (quantity.undefined) return Value::Undefined();
  if (list == nullptr || list->size() == 0) return Value::Truth(false);
  if (is_dict && !list->IsDict()) return Fail();
  Tally tally(quantity, list->size());
  for (size_t i = 0; i < list->size() && !tally.Settled(); ++i) {
    const modules::Node& element = (*list)[i];
    if (is_dict) variables_[slot] = Value::Text(list->key(i));
    Value& variable = variables_[slot + (is_dict ? 1u : 0u)];
    variable = static_cast<ScalarType>(type) == ScalarType::kStruct
                   ? Value::Node(&element)
                   : FromModule(element.value(), static_cast<ScalarType>(type));
    if (!Round(body, tally)) break;
  }
  if (failure_) return Value::Undefined();
  in_.Seek(end);
  return Value::Truth(tally.Holds());
}

}  // namespace vitrine::engine::yara
