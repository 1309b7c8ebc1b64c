// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>

#include "base/text.h"
#include "engine/vdb/limits.h"

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

// FoldedGram(bytes, 4), four letters at a time: `high` has the top bit of each
// byte that is 'A' to 'Z'.
inline uint32_t FoldedQuad(const uint8_t* bytes) {
  uint32_t quad;
  std::memcpy(&quad, bytes, sizeof quad);
  const uint32_t low_bits = quad & 0x7f7f7f7f;
  const uint32_t from_a = low_bits + 0x01010101 * (0x80 - 'A');
  const uint32_t past_z = low_bits + 0x01010101 * (0x7f - 'Z');
  const uint32_t high = ~quad & 0x80808080 & (from_a ^ past_z);
  return quad | high >> 2;
}

// A second look that refuses most candidates before anything else of an atom is
// read: of another quad of its literal the three bytes farthest from the gram,
// folded, above that quad's distance from the gram.
inline uint32_t CheckOf(const uint8_t* quad, int8_t distance) {
  const uint32_t folded = FoldedQuad(quad);
  const uint32_t bytes = distance < 0 ? folded << 8 : folded & 0xffffff00;
  return bytes | static_cast<uint8_t>(distance);
}
inline int8_t CheckDistance(uint32_t check) {
  return static_cast<int8_t>(check & 0xff);
}

// Multiplicative hashing (Knuth): the product's high bits are the index. The
// SIMD kernels compute the same.
inline constexpr uint32_t kGramMultiplier = 0x9E3779B1u;

inline uint32_t HashGram(uint32_t gram, uint32_t bits_log2) {
  return bits_log2 == 0 ? 0 : (gram * kGramMultiplier) >> (32 - bits_log2);
}

// The bit of a folded quad in a bitmap of 2^bits_log2 bits (more than 32). The
// top bit of its first byte does not matter: a quad whose first byte may be any
// takes 128 bits, and few others are taken for one another.
inline constexpr uint32_t kQuadMask = 0xffffff7fu;

inline uint32_t IndexOfQuad(uint32_t quad, uint32_t bits_log2) {
  return HashGram(quad & kQuadMask, bits_log2);
}
// Bits are counted from the top of a word.
inline uint32_t BitInWord(uint32_t index) { return 0x80000000u >> index % 32; }

// Which quads may be one whose first byte may be any: by their last three
// bytes, in a bitmap of 2^vdb::kTripleLog2 bits.
inline uint32_t IndexOfTriple(uint32_t quad) {
  return HashGram(quad >> 8, vdb::kTripleLog2);
}

// The gram of a quad whose first byte may be any. No folded quad has a capital
// letter there.
inline uint32_t AnyFirst(uint32_t quad) { return (quad & 0xffffff00u) | 'A'; }

}  // namespace vitrine::engine::match
