// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "engine/yara/codegen.h"
#include "engine/yara/gate.h"
#include "engine/yara/opcode.h"

namespace vitrine::engine::yara {
namespace {

// The size must be below, at most, ... `bound`.
void NarrowSize(Op op, int64_t bound, ir::Precheck& check) {
  const auto at_least = [&check](int64_t size) {
    if (size <= 0) return;
    check.size_min = std::max(check.size_min, static_cast<uint64_t>(size));
  };
  const auto at_most = [&check](int64_t size) {
    // No size is negative: one that can't be is asked for.
    if (size < 0) check.size_min = std::numeric_limits<uint64_t>::max();
    const auto limit = static_cast<uint64_t>(std::max<int64_t>(size, 0));
    check.size_max = std::min(check.size_max, limit);
  };
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  if (op == Op::kEqual || op == Op::kGreaterEqual) at_least(bound);
  if (op == Op::kEqual || op == Op::kLessEqual) at_most(bound);
  if (op == Op::kGreater && bound != kMax) at_least(bound + 1);
  if (op == Op::kLess && bound != kMin) at_most(bound - 1);
}

Op Mirrored(Op op) {
  if (op == Op::kLess) return Op::kGreater;
  if (op == Op::kLessEqual) return Op::kGreaterEqual;
  if (op == Op::kGreater) return Op::kLess;
  if (op == Op::kGreaterEqual) return Op::kLessEqual;
  return op;
}

uint32_t Reversed(uint32_t value, unsigned width) {
  return __builtin_bswap32(value) >> (8 * (4 - width));
}

// uint16(0) == 0x5a4d
void AddWord(const Expr& read, int64_t value, ir::Precheck& check) {
  const auto& offset = read.kids[0]->constant;
  if (!offset || *offset < 0 || *offset > UINT32_MAX) return;
  const uint8_t bits = ReadBits(read.text);
  const unsigned width = 1u << (bits & kReadWidthMask);
  const bool is_signed = (bits & kReadSigned) != 0;
  const int64_t range = int64_t{1} << (8 * width);
  const int64_t low = is_signed ? -(range / 2) : 0;
  const int64_t high = is_signed ? range / 2 - 1 : range - 1;
  // Can't hold; the rule itself will say so.
  if (value < low || value > high) return;
  auto word = static_cast<uint32_t>(value & (range - 1));
  if ((bits & kReadBigEndian) != 0) word = Reversed(word, width);
  check.words.push_back(
      {static_cast<uint32_t>(*offset), static_cast<uint8_t>(width), word});
}

void Gather(const Expr& expr, ir::Precheck& check);

// What all alternatives demand: the sizes from the least to the largest, and
// the words that each of them names.
void GatherEither(const Expr& expr, ir::Precheck& check) {
  std::optional<ir::Precheck> hull;
  for (const ExprPtr& kid : expr.kids) {
    ir::Precheck own;
    Gather(*kid, own);
    if (!hull) {
      hull = std::move(own);
      continue;
    }
    hull->size_min = std::min(hull->size_min, own.size_min);
    hull->size_max = std::max(hull->size_max, own.size_max);
    std::erase_if(hull->words, [&](const ir::Precheck::Word& word) {
      return std::none_of(own.words.begin(), own.words.end(),
                          [&](const ir::Precheck::Word& other) {
                            return word.offset == other.offset &&
                                   word.width == other.width &&
                                   word.value == other.value;
                          });
    });
  }
  if (!hull) return;
  check.size_min = std::max(check.size_min, hull->size_min);
  check.size_max = std::min(check.size_max, hull->size_max);
  check.words.insert(check.words.end(), hull->words.begin(), hull->words.end());
}

void Gather(const Expr& expr, ir::Precheck& check) {
  switch (expr.op) {
    case Op::kAnd:
      for (const ExprPtr& kid : expr.kids) Gather(*kid, check);
      return;
    case Op::kOr:
      GatherEither(expr, check);
      return;
    case Op::kEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
      break;
    default:
      return;
  }
  const Expr* value = expr.kids[0].get();
  const Expr* constant = expr.kids[1].get();
  Op op = expr.op;
  if (!constant->constant) {
    std::swap(value, constant);
    op = Mirrored(op);
  }
  if (!constant->constant) return;
  if (value->op == Op::kFilesize) {
    NarrowSize(op, *constant->constant, check);
  } else if (value->op == Op::kReadInteger && op == Op::kEqual) {
    AddWord(*value, *constant->constant, check);
  }
}

}  // namespace

ir::Precheck MakePrecheck(const Expr& condition) {
  ir::Precheck check;
  Gather(condition, check);
  return check;
}

}  // namespace vitrine::engine::yara
