// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>

#include "base/text.h"

// Grams: the two to four bytes by which the filter first notices a literal.
// ASCII letters are folded to lower case, in grams of the database as in the
// bytes scanned, so that one table serves patterns of either kind.
namespace vitrine::engine::match {

// Little-endian, folded; `bytes` has `size` (2 to 4) bytes.
inline uint32_t FoldedGram(const uint8_t* bytes, unsigned size) {
  uint32_t gram = 0;
  for (unsigned i = 0; i < size; ++i) {
    gram |= static_cast<uint32_t>(ToLower(bytes[i])) << (8 * i);
  }
  return gram;
}

// Multiplicative hashing (Knuth): the product's high bits are the index. The
// SIMD kernels compute the same.
inline constexpr uint32_t kGramMultiplier = 0x9E3779B1u;

inline uint32_t HashGram(uint32_t gram, uint32_t bits_log2) {
  return bits_log2 == 0 ? 0 : (gram * kGramMultiplier) >> (32 - bits_log2);
}

}  // namespace vitrine::engine::match
