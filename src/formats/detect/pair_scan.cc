// SPDX-License-Identifier: Apache-2.0
#include "formats/detect/pair_scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <array>

namespace vitrine::detect {
namespace {

constexpr uint64_t kStep = 32;

constexpr bool IsPair(uint8_t first, uint8_t second) {
  switch (first) {
    case 'M':
      return second == 'Z' || second == 'S';
    case 'P':
      return second == 'K';
    case 'R':
      return second == 'a';
    case '7':
      return second == 'z';
    case 0x60:
      return second == 0xea;
    case 'E':
      return second == 'G';
    case 0xef:
      return second == 0xbe;
    case 0xa3:
      return second == 0x48;
    case '%':
      return second == 'P';
    default:
      return false;
  }
}

// The first block from `at` on that may have a pair in it, or the first that
// `size` does not hold whole.
uint64_t SkipBlocks(const uint8_t* bytes, uint64_t at, uint64_t size) {
  const auto any_pair = [bytes](uint64_t block) {
    for (uint64_t i = block; i < block + kStep; ++i) {
      if (IsPair(bytes[i], bytes[i + 1])) return true;
    }
    return false;
  };
  while (size - at > kStep && !any_pair(at)) at += kStep;
  return at;
}

#if defined(__x86_64__)
// A bit a group of pairs, by the nibbles of a byte. Where the tables of a
// byte's low and high nibble and those of the next byte have a bit in common,
// there may be a pair.
struct NibbleTables {
  using Table = std::array<uint8_t, 16>;
  Table first_low = {};
  Table first_high = {};
  Table second_low = {};
  Table second_high = {};
};

constexpr NibbleTables MakeNibbleTables() {
  NibbleTables tables;
  unsigned groups = 0;
  for (unsigned first = 0; first < 256; ++first) {
    bool is_used = false;
    for (unsigned second = 0; second < 256; ++second) {
      if (!IsPair(static_cast<uint8_t>(first), static_cast<uint8_t>(second))) {
        continue;
      }
      is_used = true;
      const auto bit = static_cast<uint8_t>(1u << groups % 8);
      tables.first_low[first & 15] |= bit;
      tables.first_high[first >> 4] |= bit;
      tables.second_low[second & 15] |= bit;
      tables.second_high[second >> 4] |= bit;
    }
    groups += is_used ? 1 : 0;
  }
  return tables;
}

constexpr NibbleTables kNibbles = MakeNibbleTables();

#define VITRINE_AVX2 __attribute__((target("avx2")))

VITRINE_AVX2 inline __m256i Load(const NibbleTables::Table& table) {
  return _mm256_broadcastsi128_si256(
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

VITRINE_AVX2 inline __m256i Look(__m256i low, __m256i high,
                                 const uint8_t* bytes) {
  const __m256i loaded =
      _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
  const __m256i nibble = _mm256_set1_epi8(0x0f);
  return _mm256_and_si256(
      _mm256_shuffle_epi8(low, _mm256_and_si256(loaded, nibble)),
      _mm256_shuffle_epi8(
          high, _mm256_and_si256(_mm256_srli_epi16(loaded, 4), nibble)));
}

VITRINE_AVX2 uint64_t SkipBlocksAvx2(const uint8_t* bytes, uint64_t at,
                                     uint64_t size) {
  const __m256i first_low = Load(kNibbles.first_low);
  const __m256i first_high = Load(kNibbles.first_high);
  const __m256i second_low = Load(kNibbles.second_low);
  const __m256i second_high = Load(kNibbles.second_high);
  for (; size - at > kStep; at += kStep) {
    const __m256i first = Look(first_low, first_high, bytes + at);
    const __m256i second = Look(second_low, second_high, bytes + at + 1);
    if (_mm256_testz_si256(first, second) == 0) break;
  }
  return at;
}
#endif

uint64_t Skip(const uint8_t* bytes, uint64_t at, uint64_t size) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return SkipBlocksAvx2(bytes, at, size);
#endif
  return SkipBlocks(bytes, at, size);
}

}  // namespace

uint64_t FindPair(Bytes bytes, uint64_t from) {
  const uint64_t size = bytes.size();
  if (size < 2) return size;
  for (uint64_t at = from; at < size - 1;) {
    at = Skip(bytes.data(), at, size);
    const uint64_t end = at + kStep < size - 1 ? at + kStep : size - 1;
    for (; at < end; ++at) {
      if (IsPair(bytes[at], bytes[at + 1])) return at;
    }
  }
  return size;
}

}  // namespace vitrine::detect
