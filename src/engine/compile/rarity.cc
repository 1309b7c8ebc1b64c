// SPDX-License-Identifier: Apache-2.0
#include "engine/compile/rarity.h"

#include <algorithm>
#include <cmath>

#include "engine/match/gram.h"

// rarity_table.S puts the file between these.
extern "C" const uint8_t vitrine_rarity_begin[];
extern "C" const uint8_t vitrine_rarity_end[];

namespace vitrine::engine::compile {
namespace {

constexpr uint64_t kPairs = 0;
constexpr uint64_t kTriples = uint64_t{1} << kPairBits;
constexpr uint64_t kQuads = kTriples + (uint64_t{1} << kTripleBits);

}  // namespace

const Rarity& Rarity::BuiltIn() {
  static const Rarity kBuiltIn(Bytes(vitrine_rarity_begin, vitrine_rarity_end));
  CHECK(kBuiltIn.table_.size() == kRarityBytes);
  return kBuiltIn;
}

Result<Rarity> Rarity::FromBytes(Bytes table) {
  if (table.size() != kRarityBytes) {
    return Error{Code::kInvalid, "a rarity table has another size"};
  }
  return Rarity(table);
}

double Rarity::Slot(FileClass file_class, uint64_t table,
                    uint32_t index) const {
  const uint64_t base = static_cast<uint64_t>(file_class) * kTableBytes;
  return std::exp2(table_[base + table + index] / 8.0) - 1.0;
}

double Rarity::Frequency(FileClass file_class, Bytes bytes) const {
  using match::FoldedGram;
  using match::HashGram;
  const auto pair = [&](const uint8_t* at) {
    return Slot(file_class, kPairs, FoldedGram(at, 2));
  };
  const auto triple = [&](const uint8_t* at) {
    return Slot(file_class, kTriples, HashGram(FoldedGram(at, 3), kTripleBits));
  };
  const uint8_t* const at = bytes.data();
  if (bytes.size() == 2) return pair(at);
  if (bytes.size() == 3) return triple(at);

  const double quad =
      Slot(file_class, kQuads, HashGram(FoldedGram(at, 4), kQuadBits));
  // A slot is shared by thousands of quads. What it says of a common quad is
  // true; of a rare one it only says "not more than". There the chain of its
  // triples knows better.
  constexpr double kSlotMean = 4294967296.0 / (1u << kQuadBits);
  if (quad > 4 * kSlotMean) return quad;
  const double middle = std::max(pair(at + 1), 1.0);
  return std::min(quad, triple(at) * triple(at + 1) / middle);
}

}  // namespace vitrine::engine::compile
