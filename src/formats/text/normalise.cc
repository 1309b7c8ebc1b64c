// SPDX-License-Identifier: Apache-2.0
#include "formats/text/normalise.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <array>
#include <bit>
#include <cstring>

#include "base/text.h"

namespace vitrine::text {
namespace {

// What a byte becomes; 0: nothing.
constexpr std::array<uint8_t, 256> MakeMap() {
  std::array<uint8_t, 256> map{};
  for (int c = 0x21; c < 0x80; ++c) {
    map[static_cast<size_t>(c)] = ToLower(static_cast<uint8_t>(c));
  }
  for (const char c : {' ', '\t', '\n', '\v', '\f', '\r'}) {
    map[static_cast<size_t>(c)] = ' ';
  }
  return map;
}

constexpr std::array<uint8_t, 256> kMap = MakeMap();

// Where the output stands, and whether the last byte put there is a blank.
struct Writer {
  uint8_t* to = nullptr;
  bool blank = false;
};

// The definition of the other. Writes a byte a byte read, kept or not, so that
// nothing has to be guessed.
void NormalisePlainly(Bytes text, Writer& out) {
  for (const uint8_t byte : text) {
    const uint8_t mapped = kMap[byte];
    const bool is_blank = mapped == ' ';
    const bool kept = mapped != 0 && !(is_blank && out.blank);
    *out.to = mapped;
    out.to += kept ? 1 : 0;
    out.blank = kept ? is_blank : out.blank;
  }
}

#if defined(__x86_64__)
// 32 bytes at a time where all of them are ASCII that is kept but for repeated
// blanks. Never writes further than it has read.
[[gnu::target("avx2,bmi,bmi2,popcnt")]] void NormaliseAvx2(Bytes text,
                                                           Writer& out) {
  constexpr size_t kStep = 32;
  const __m256i space = _mm256_set1_epi8(' ');
  size_t at = 0;
  for (; text.size() - at >= kStep; at += kStep) {
    const __m256i bytes =
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + at));
    // Tab to carriage return are five in a row.
    const __m256i from_tab = _mm256_sub_epi8(bytes, _mm256_set1_epi8('\t'));
    const __m256i is_blank = _mm256_or_si256(
        _mm256_cmpeq_epi8(bytes, space),
        _mm256_cmpeq_epi8(_mm256_min_epu8(from_tab, _mm256_set1_epi8(4)),
                          from_tab));
    const __m256i is_known =
        _mm256_or_si256(is_blank, _mm256_cmpgt_epi8(bytes, space));
    if (_mm256_movemask_epi8(is_known) != -1) {
      NormalisePlainly(text.subspan(at, kStep), out);
      continue;
    }
    const __m256i from_a = _mm256_sub_epi8(bytes, _mm256_set1_epi8('A'));
    const __m256i is_upper = _mm256_cmpeq_epi8(
        _mm256_min_epu8(from_a, _mm256_set1_epi8(25)), from_a);
    const __m256i lower =
        _mm256_or_si256(bytes, _mm256_and_si256(is_upper, space));
    const __m256i mapped = _mm256_blendv_epi8(lower, space, is_blank);

    const auto blanks = static_cast<uint32_t>(_mm256_movemask_epi8(is_blank));
    const uint32_t dropped = blanks & (blanks << 1 | (out.blank ? 1u : 0u));
    out.blank = (blanks >> 31) != 0;
    if (dropped == 0) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out.to), mapped);
      out.to += kStep;
      continue;
    }
    std::array<uint64_t, 4> words;
    std::memcpy(words.data(), &mapped, sizeof words);
    for (size_t i = 0; i < words.size(); ++i) {
      const uint32_t kept = ~dropped >> (8 * i) & 0xff;
      const uint64_t lanes = _pdep_u64(kept, 0x0101010101010101u) * 0xff;
      const uint64_t packed = _pext_u64(words[i], lanes);
      std::memcpy(out.to, &packed, sizeof packed);
      out.to += std::popcount(kept);
    }
  }
  NormalisePlainly(text.subspan(at), out);
}
#endif

void NormaliseBytes(Bytes text, Writer& out) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) {
    return NormaliseAvx2(text, out);
  }
#endif
  NormalisePlainly(text, out);
}

}  // namespace

Normalised Normalise(Bytes text, uint64_t size_max) {
  Normalised out;
  if (size_max != 0 && text.size() > size_max) {
    text = text.first(size_max);
    out.cut = true;
  }
  out.bytes.resize(text.size());
  Writer writer{out.bytes.data()};
  NormaliseBytes(text, writer);
  out.bytes.resize(static_cast<size_t>(writer.to - out.bytes.data()));
  return out;
}

}  // namespace vitrine::text
