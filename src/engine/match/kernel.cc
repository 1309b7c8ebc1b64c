// SPDX-License-Identifier: Apache-2.0
#include "engine/match/kernel.h"

#include <immintrin.h>

#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>

#include "engine/match/gram.h"

namespace vitrine::engine::match {
namespace {

bool IsSet(const uint32_t* words, uint32_t bit) {
  return (words[bit / 32] >> (bit % 32) & 1) != 0;
}

constexpr std::array<uint8_t, 256> MakeFold() {
  std::array<uint8_t, 256> fold = {};
  for (size_t i = 0; i < 256; ++i) fold[i] = ToLower(static_cast<uint8_t>(i));
  return fold;
}
constexpr std::array<uint8_t, 256> kFold = MakeFold();

// ---- scalar: the definition of the others.

size_t QuadsScalar(const uint8_t* data, uint32_t from, uint32_t to,
                   QuadBitmap bitmap, uint32_t* out) {
  if (from >= to) return 0;
  size_t count = 0;
  uint32_t gram = FoldedGram(data + from, 3) << 8;
  for (uint32_t at = from; at < to; ++at) {
    gram = gram >> 8 | static_cast<uint32_t>(kFold[data[at + 3]]) << 24;
    out[count] = at;
    count += IsSet(bitmap.words, HashGram(gram, bitmap.bits_log2)) ? 1 : 0;
  }
  return count;
}

size_t PairsScalar(const uint8_t* data, uint32_t from, uint32_t to,
                   const PairSet& pairs, uint32_t* out) {
  size_t count = 0;
  for (uint32_t at = from; at < to; ++at) {
    const uint32_t gram =
        kFold[data[at]] | static_cast<uint32_t>(kFold[data[at + 1]]) << 8;
    out[count] = at;
    count += IsSet(pairs.words, gram) ? 1 : 0;
  }
  return count;
}

size_t Md5QuadsScalar(const uint8_t* data, uint32_t to, QuadBitmap bitmap,
                      uint32_t* out, crypto::Md5State& md5) {
  crypto::Md5Blocks(md5, Bytes(data, to));
  return QuadsScalar(data, 0, to, bitmap, out);
}

// ---- AVX2: eight positions a gather, or 32 a table in a register.

#define VITRINE_AVX2 __attribute__((target("avx2,bmi,bmi2")))

VITRINE_AVX2 inline __m256i Fold256(__m256i bytes) {
  // 'A'..'Z' become the 26 least signed bytes; only they get 0x20.
  const __m256i shifted =
      _mm256_add_epi8(bytes, _mm256_set1_epi8(static_cast<char>(0x80 - 'A')));
  const __m256i is_upper = _mm256_cmpgt_epi8(
      _mm256_set1_epi8(static_cast<char>(0x80 + 26)), shifted);
  return _mm256_or_si256(bytes,
                         _mm256_and_si256(is_upper, _mm256_set1_epi8(0x20)));
}

// A bit a lane: whether the bitmap has bit `indexes`.
VITRINE_AVX2 inline uint32_t Test256(const uint32_t* words, __m256i indexes) {
  const __m256i found = _mm256_i32gather_epi32(
      reinterpret_cast<const int*>(words), _mm256_srli_epi32(indexes, 5), 4);
  // Shifts count modulo 32 only by our own masking; then bit 0 goes to the
  // sign, where movemask looks.
  const __m256i bit = _mm256_and_si256(indexes, _mm256_set1_epi32(31));
  const __m256i sign = _mm256_slli_epi32(_mm256_srlv_epi32(found, bit), 31);
  return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(sign)));
}

VITRINE_AVX2 inline __m256i Load256(const uint8_t* at) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

struct Quads256 {
  const uint32_t* words;
  __m256i multiplier;
  __m128i shift;
};

VITRINE_AVX2 inline Quads256 MakeQuads256(QuadBitmap bitmap) {
  return {bitmap.words, _mm256_set1_epi32(static_cast<int>(kGramMultiplier)),
          _mm_cvtsi32_si128(static_cast<int>(32 - bitmap.bits_log2))};
}

// Lanes hold the quads at at + i, at + i + 4, ...: the bits of four calls
// interleave to 32 positions.
VITRINE_AVX2 inline uint32_t EveryFourth(const Quads256& quads,
                                         const uint8_t* at, uint32_t i) {
  const __m256i grams = Fold256(Load256(at + i));
  const __m256i hash = _mm256_srl_epi32(
      _mm256_mullo_epi32(grams, quads.multiplier), quads.shift);
  return _pdep_u32(Test256(quads.words, hash), 0x11111111u << i);
}

VITRINE_AVX2 size_t QuadsAvx2(const uint8_t* data, uint32_t from, uint32_t to,
                              QuadBitmap bitmap, uint32_t* out) {
  const Quads256 quads = MakeQuads256(bitmap);
  size_t count = 0;
  uint32_t at = from;
  for (; to - at >= 40; at += 32) {
    uint32_t mask = 0;
    for (uint32_t i = 0; i < 4; ++i) mask |= EveryFourth(quads, data + at, i);
    for (; mask != 0; mask &= mask - 1) {
      out[count++] = at + static_cast<uint32_t>(std::countr_zero(mask));
    }
  }
  return count + QuadsScalar(data, at, to, bitmap, out + count);
}

// A gather every eight steps of MD5: close enough together for the processor
// to run them side by side. data[to + 2] is the last byte looked at.
VITRINE_AVX2 size_t Md5QuadsAvx2(const uint8_t* data, uint32_t to,
                                 QuadBitmap bitmap, uint32_t* out,
                                 crypto::Md5State& md5) {
  using crypto::Md5EightSteps;
  const Quads256 quads = MakeQuads256(bitmap);
  crypto::Md5State state = md5;
  size_t count = 0;
  for (uint32_t at = 0; at < to; at += crypto::kMd5BlockSize) {
    const uint8_t* const low = data + at;
    const uint8_t* const high = low + 32;
    const crypto::Md5State before = state;
    uint64_t mask = EveryFourth(quads, low, 0);
    Md5EightSteps<0>(state, low);
    mask |= EveryFourth(quads, low, 1);
    Md5EightSteps<8>(state, low);
    mask |= EveryFourth(quads, low, 2);
    Md5EightSteps<16>(state, low);
    mask |= EveryFourth(quads, low, 3);
    Md5EightSteps<24>(state, low);
    uint32_t high_mask = EveryFourth(quads, high, 0);
    Md5EightSteps<32>(state, low);
    high_mask |= EveryFourth(quads, high, 1);
    Md5EightSteps<40>(state, low);
    high_mask |= EveryFourth(quads, high, 2);
    Md5EightSteps<48>(state, low);
    high_mask |= EveryFourth(quads, high, 3);
    Md5EightSteps<56>(state, low);
    crypto::Md5EndBlock(state, before);
    mask |= uint64_t{high_mask} << 32;
    for (; mask != 0; mask &= mask - 1) {
      out[count++] = at + static_cast<uint32_t>(std::countr_zero(mask));
    }
  }
  md5 = state;
  return count;
}

// 32 lookups in a table of 16 bytes, by indexes below 16.
VITRINE_AVX2 inline __m256i Look(const std::array<uint8_t, 16>& table,
                                 __m256i indexes) {
  const __m128i once =
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data()));
  return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(once), indexes);
}

// The groups of pairs that bytes `first` and `second` may belong to.
VITRINE_AVX2 inline __m256i Groups(const PairSet::Nibbles& nibbles,
                                   __m256i first_low, __m256i first_high,
                                   __m256i second_low, __m256i second_high) {
  const __m256i first = _mm256_and_si256(Look(nibbles.first_low, first_low),
                                         Look(nibbles.first_high, first_high));
  const __m256i second =
      _mm256_and_si256(Look(nibbles.second_low, second_low),
                       Look(nibbles.second_high, second_high));
  return _mm256_and_si256(first, second);
}

// No gather: halves of bytes answer for 32 positions, the bitmap for the few
// that are left.
VITRINE_AVX2 size_t PairsAvx2(const uint8_t* data, uint32_t from, uint32_t to,
                              const PairSet& pairs, uint32_t* out) {
  const __m256i low = _mm256_set1_epi8(15);
  size_t count = 0;
  uint32_t at = from;
  for (; to - at >= 40; at += 32) {
    const __m256i first = Fold256(Load256(data + at));
    const __m256i second = Fold256(Load256(data + at + 1));
    const __m256i first_low = _mm256_and_si256(first, low);
    const __m256i second_low = _mm256_and_si256(second, low);
    const __m256i first_high =
        _mm256_and_si256(_mm256_srli_epi16(first, 4), low);
    const __m256i second_high =
        _mm256_and_si256(_mm256_srli_epi16(second, 4), low);
    const __m256i groups =
        _mm256_or_si256(Groups(pairs.nibbles[0], first_low, first_high,
                               second_low, second_high),
                        Groups(pairs.nibbles[1], first_low, first_high,
                               second_low, second_high));
    const __m256i none = _mm256_cmpeq_epi8(groups, _mm256_setzero_si256());
    auto mask = ~static_cast<uint32_t>(_mm256_movemask_epi8(none));
    for (; mask != 0; mask &= mask - 1) {
      const uint32_t position =
          at + static_cast<uint32_t>(std::countr_zero(mask));
      out[count] = position;
      count += IsSet(pairs.words, FoldedGram(data + position, 2)) ? 1 : 0;
    }
  }
  return count + PairsScalar(data, at, to, pairs, out + count);
}

// ---- AVX-512: sixteen positions a gather, hits compressed to the output.

#define VITRINE_AVX512 \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,bmi,bmi2")))

VITRINE_AVX512 inline __m512i Fold512(__m512i bytes) {
  const __m512i shifted = _mm512_sub_epi8(bytes, _mm512_set1_epi8('A'));
  const __mmask64 is_upper =
      _mm512_cmplt_epu8_mask(shifted, _mm512_set1_epi8(26));
  return _mm512_mask_add_epi8(bytes, is_upper, bytes, _mm512_set1_epi8(0x20));
}

VITRINE_AVX512 inline uint64_t Test512(const uint32_t* words, __m512i indexes) {
  const __m512i found =
      _mm512_i32gather_epi32(_mm512_srli_epi32(indexes, 5), words, 4);
  const __m512i bit = _mm512_and_si512(indexes, _mm512_set1_epi32(31));
  return _mm512_test_epi32_mask(_mm512_srlv_epi32(found, bit),
                                _mm512_set1_epi32(1));
}

VITRINE_AVX512 size_t QuadsAvx512(const uint8_t* data, uint32_t from,
                                  uint32_t to, QuadBitmap bitmap,
                                  uint32_t* out) {
  const __m512i multiplier =
      _mm512_set1_epi32(static_cast<int>(kGramMultiplier));
  const __m128i shift =
      _mm_cvtsi32_si128(static_cast<int>(32 - bitmap.bits_log2));
  size_t count = 0;
  uint32_t at = from;
  for (; to - at >= 72; at += 64) {
    uint64_t mask = 0;
    for (uint32_t i = 0; i < 4; ++i) {
      const __m512i grams = Fold512(_mm512_loadu_si512(data + at + i));
      const __m512i hash =
          _mm512_srl_epi32(_mm512_mullo_epi32(grams, multiplier), shift);
      mask |= _pdep_u64(Test512(bitmap.words, hash), 0x1111111111111111u << i);
    }
    for (; mask != 0; mask &= mask - 1) {
      out[count++] = at + static_cast<uint32_t>(std::countr_zero(mask));
    }
  }
  return count + QuadsScalar(data, at, to, bitmap, out + count);
}

// 64 lookups in a table of 256 bytes.
struct Table512 {
  __m512i parts[4];
};
VITRINE_AVX512 inline Table512 LoadTable(
    const std::array<uint8_t, 256>& table) {
  Table512 out;
  for (size_t i = 0; i < 4; ++i) {
    out.parts[i] = _mm512_loadu_si512(table.data() + 64 * i);
  }
  return out;
}
VITRINE_AVX512 inline __m512i Look(const Table512& table, __m512i indexes) {
  const __m512i low =
      _mm512_permutex2var_epi8(table.parts[0], indexes, table.parts[1]);
  const __m512i high =
      _mm512_permutex2var_epi8(table.parts[2], indexes, table.parts[3]);
  return _mm512_mask_blend_epi8(_mm512_movepi8_mask(indexes), low, high);
}

// No gather: the coarse form answers for 64 positions, the bitmap for the few
// that are left.
VITRINE_AVX512 size_t PairsAvx512(const uint8_t* data, uint32_t from,
                                  uint32_t to, const PairSet& pairs,
                                  uint32_t* out) {
  const Table512 first = LoadTable(pairs.first);
  const Table512 second = LoadTable(pairs.second);
  size_t count = 0;
  uint32_t at = from;
  for (; to - at >= 72; at += 64) {
    const __m512i here = Fold512(_mm512_loadu_si512(data + at));
    const __m512i next = Fold512(_mm512_loadu_si512(data + at + 1));
    uint64_t mask =
        _mm512_test_epi8_mask(Look(first, here), Look(second, next));
    for (; mask != 0; mask &= mask - 1) {
      const uint32_t position =
          at + static_cast<uint32_t>(std::countr_zero(mask));
      out[count] = position;
      count += IsSet(pairs.words, FoldedGram(data + position, 2)) ? 1 : 0;
    }
  }
  return count + PairsScalar(data, at, to, pairs, out + count);
}

constexpr Kernel kScalar = {"scalar", QuadsScalar, Md5QuadsScalar, PairsScalar};
constexpr Kernel kAvx2 = {"avx2", QuadsAvx2, Md5QuadsAvx2, PairsAvx2};
// MD5 takes the time: a wider gather would gain nothing.
constexpr Kernel kAvx512 = {"avx512", QuadsAvx512, Md5QuadsAvx2, PairsAvx512};

bool HasAvx2() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}
bool HasAvx512() {
  return HasAvx2() && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vbmi");
}

}  // namespace

PairSet MakePairSet(const uint32_t* words) {
  PairSet set;
  set.words = words;
  uint32_t total = 0;
  for (uint32_t bit = 0; bit < 65536; ++bit) total += IsSet(words, bit) ? 1 : 0;
  uint32_t firsts = 0;
  uint32_t seen = 0;
  for (uint32_t first = 0; first < 256; ++first) {
    bool is_used = false;
    for (uint32_t second = 0; second < 256; ++second) {
      if (!IsSet(words, second << 8 | first)) continue;
      // Eight groups of first bytes, of about equal size.
      const auto bit = static_cast<uint8_t>(1u << (firsts % 8));
      set.first[first] |= bit;
      set.second[second] |= bit;
      is_used = true;
      // Sixteen groups of neighbouring pairs, which share their high halves.
      const uint32_t group = seen++ * 16 / total;
      PairSet::Nibbles& nibbles = set.nibbles[group / 8];
      const auto member = static_cast<uint8_t>(1u << (group % 8));
      nibbles.first_low[first & 15] |= member;
      nibbles.first_high[first >> 4] |= member;
      nibbles.second_low[second & 15] |= member;
      nibbles.second_high[second >> 4] |= member;
    }
    firsts += is_used ? 1 : 0;
  }
  return set;
}

const Kernel* FindKernel(std::string_view name) {
  if (name == kScalar.name) return &kScalar;
  if (name == kAvx2.name && HasAvx2()) return &kAvx2;
  if (name == kAvx512.name && HasAvx512()) return &kAvx512;
  return nullptr;
}

const Kernel& BestKernel() {
  static const Kernel& kBest = []() -> const Kernel& {
    if (const char* const name = std::getenv("VITRINE_KERNEL")) {
      if (const Kernel* const kernel = FindKernel(name)) return *kernel;
    }
    if (HasAvx512()) return kAvx512;
    return HasAvx2() ? kAvx2 : kScalar;
  }();
  return kBest;
}

}  // namespace vitrine::engine::match
