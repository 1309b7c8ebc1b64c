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

bool IsSet(const QuadBitmap& bitmap, uint32_t quad) {
  const uint32_t index = IndexOfQuad(quad, bitmap.bits_log2);
  return (bitmap.words[index / 32] & BitInWord(index)) != 0;
}

size_t QuadsScalar(const uint8_t* data, uint32_t from, uint32_t to,
                   QuadBitmap bitmap, uint32_t* out) {
  size_t count = 0;
  for (uint32_t at = from; at < to; at += 2) {
    out[count] = at;
    count += IsSet(bitmap, FoldedQuad(data + at)) ? 1 : 0;
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

// A bit for each of the quads at at, at + 4, ... at + 28.
VITRINE_AVX2 inline uint32_t EveryFourth(const Quads256& quads,
                                         const uint8_t* at) {
  const __m256i grams = _mm256_and_si256(
      Fold256(Load256(at)), _mm256_set1_epi32(static_cast<int>(kQuadMask)));
  const __m256i indexes = _mm256_srl_epi32(
      _mm256_mullo_epi32(grams, quads.multiplier), quads.shift);
  const __m256i found =
      _mm256_i32gather_epi32(reinterpret_cast<const int*>(quads.words),
                             _mm256_srli_epi32(indexes, 5), 4);
  // The quad's bit goes to the sign, where movemask looks.
  const __m256i bit = _mm256_and_si256(indexes, _mm256_set1_epi32(31));
  return static_cast<uint32_t>(
      _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_sllv_epi32(found, bit))));
}

// A bit for each even position of at[0, 32).
VITRINE_AVX2 inline uint32_t EverySecond(const Quads256& quads,
                                         const uint8_t* at) {
  return _pdep_u32(EveryFourth(quads, at), 0x5555) |
         _pdep_u32(EveryFourth(quads, at + 2), 0xaaaa);
}

// Appends at + 2 i for every bit i of `mask`; the first four without asking
// whether there are so many, which a processor could not foresee.
VITRINE_AVX2 inline size_t Append(uint64_t mask, uint32_t at, uint32_t* out,
                                  size_t count) {
  const auto end = count + static_cast<size_t>(std::popcount(mask));
  for (size_t i = 0; i < kPositionsSlack; ++i) {
    out[count + i] = at + 2 * static_cast<uint32_t>(std::countr_zero(mask));
    mask = _blsr_u64(mask);
  }
  for (count += kPositionsSlack; mask != 0; mask = _blsr_u64(mask)) {
    out[count++] = at + 2 * static_cast<uint32_t>(std::countr_zero(mask));
  }
  return end;
}

VITRINE_AVX2 size_t QuadsAvx2(const uint8_t* data, uint32_t from, uint32_t to,
                              QuadBitmap bitmap, uint32_t* out) {
  const Quads256 quads = MakeQuads256(bitmap);
  size_t count = 0;
  uint32_t at = from;
  for (; to - at >= 128; at += 128) {
    uint64_t mask = 0;
    for (uint32_t i = 0; i < 4; ++i) {
      mask |= uint64_t{EverySecond(quads, data + at + 32 * i)} << (16 * i);
    }
    count = Append(mask, at, out, count);
  }
  for (; to - at >= 32; at += 32) {
    count = Append(EverySecond(quads, data + at), at, out, count);
  }
  return count + QuadsScalar(data, at, to, bitmap, out + count);
}

// A gather every sixteen steps of MD5: close enough together for the processor
// to run them side by side. data[to + 1] is the last byte looked at.
VITRINE_AVX2 size_t Md5QuadsAvx2(const uint8_t* data, uint32_t to,
                                 QuadBitmap bitmap, uint32_t* out,
                                 crypto::Md5State& md5) {
  using crypto::Md5EightSteps;
  const Quads256 quads = MakeQuads256(bitmap);
  crypto::Md5State state = md5;
  size_t count = 0;
  for (uint32_t at = 0; at < to; at += crypto::kMd5BlockSize) {
    const uint8_t* const block = data + at;
    const crypto::Md5State before = state;
    uint32_t even = EveryFourth(quads, block);
    Md5EightSteps<0>(state, block);
    Md5EightSteps<8>(state, block);
    uint32_t odd = EveryFourth(quads, block + 2);
    Md5EightSteps<16>(state, block);
    Md5EightSteps<24>(state, block);
    even |= EveryFourth(quads, block + 32) << 8;
    Md5EightSteps<32>(state, block);
    Md5EightSteps<40>(state, block);
    odd |= EveryFourth(quads, block + 34) << 8;
    Md5EightSteps<48>(state, block);
    Md5EightSteps<56>(state, block);
    crypto::Md5EndBlock(state, before);
    count = Append(_pdep_u32(even, 0x55555555) | _pdep_u32(odd, 0xaaaaaaaa), at,
                   out, count);
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
    __m256i groups = Groups(pairs.nibbles[0], first_low, first_high, second_low,
                            second_high);
    if (!pairs.is_small) {
      groups =
          _mm256_or_si256(groups, Groups(pairs.nibbles[1], first_low,
                                         first_high, second_low, second_high));
    }
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

// ---- AVX-512: sixteen positions a gather.

#define VITRINE_AVX512 \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,bmi,bmi2")))

VITRINE_AVX512 inline __m512i Fold512(__m512i bytes) {
  const __m512i shifted = _mm512_sub_epi8(bytes, _mm512_set1_epi8('A'));
  const __mmask64 is_upper =
      _mm512_cmplt_epu8_mask(shifted, _mm512_set1_epi8(26));
  return _mm512_mask_add_epi8(bytes, is_upper, bytes, _mm512_set1_epi8(0x20));
}

VITRINE_AVX512 size_t QuadsAvx512(const uint8_t* data, uint32_t from,
                                  uint32_t to, QuadBitmap bitmap,
                                  uint32_t* out) {
  const __m512i multiplier =
      _mm512_set1_epi32(static_cast<int>(kGramMultiplier));
  const __m128i shift =
      _mm_cvtsi32_si128(static_cast<int>(32 - bitmap.bits_log2));
  const auto every_fourth = [&](const uint8_t* at) VITRINE_AVX512 {
    const __m512i grams =
        _mm512_and_si512(Fold512(_mm512_loadu_si512(at)),
                         _mm512_set1_epi32(static_cast<int>(kQuadMask)));
    const __m512i indexes =
        _mm512_srl_epi32(_mm512_mullo_epi32(grams, multiplier), shift);
    const __m512i found =
        _mm512_i32gather_epi32(_mm512_srli_epi32(indexes, 5), bitmap.words, 4);
    const __m512i bit = _mm512_and_si512(indexes, _mm512_set1_epi32(31));
    return uint64_t{_mm512_cmplt_epi32_mask(_mm512_sllv_epi32(found, bit),
                                            _mm512_setzero_si512())};
  };
  size_t count = 0;
  uint32_t at = from;
  for (; to - at >= 128; at += 128) {
    const uint64_t even = every_fourth(data + at) | every_fourth(data + at + 64)
                                                        << 16;
    const uint64_t odd =
        every_fourth(data + at + 2) | every_fourth(data + at + 66) << 16;
    count = Append(_pdep_u64(even, 0x5555555555555555u) |
                       _pdep_u64(odd, 0xaaaaaaaaaaaaaaaau),
                   at, out, count);
  }
  return count + QuadsAvx2(data, at, to, bitmap, out + count);
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
  set.is_small = total <= 8;
  const uint32_t groups = set.is_small ? 8 : 16;
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
      // Groups of neighbouring pairs, which share their high halves.
      const uint32_t group = seen++ * groups / total;
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
