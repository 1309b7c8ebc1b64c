// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "engine/ir/program.h"

namespace vitrine::engine::compile {

// How often short runs of bytes occur in ordinary files: what decides which
// literal stands for a pattern. The counts were taken by tools/rarity from
// Debian's files and are an input in the tree (rarity.bin), so that a database
// depends on no machine.
//
// File: for each FileClass, three tables of one byte a slot: pairs (2^16, by
// value), triples (2^17, hashed), quads (2^19, hashed). A slot holds
// 8 * log2(1 + occurrences in 2^32 bytes), 255 at most. Letters are folded.
enum class FileClass : uint8_t { kExecutable, kText };

inline constexpr uint32_t kPairBits = 16;
inline constexpr uint32_t kTripleBits = 17;
inline constexpr uint32_t kQuadBits = 19;
inline constexpr uint64_t kTableBytes = (uint64_t{1} << kPairBits) +
                                        (uint64_t{1} << kTripleBits) +
                                        (uint64_t{1} << kQuadBits);
inline constexpr uint64_t kRarityBytes = 2 * kTableBytes;

class Rarity {
 public:
  // The table in the tree.
  static const Rarity& BuiltIn();
  // kInvalid unless `table` has kRarityBytes bytes; must outlive this.
  static Result<Rarity> FromBytes(Bytes table);

  // Expected occurrences of `bytes` (2 to 4, any case) in 2^32 bytes of such
  // files.
  double Frequency(FileClass file_class, Bytes bytes) const;

 private:
  explicit Rarity(Bytes table) : table_(table) {}

  double Slot(FileClass file_class, uint64_t table, uint32_t index) const;

  Bytes table_;
};

}  // namespace vitrine::engine::compile
