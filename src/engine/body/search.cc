// SPDX-License-Identifier: Apache-2.0
#include "engine/body/search.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <array>
#include <cstddef>

namespace vitrine::engine::body {
namespace {

// In falling order: what programs, texts and padding are full of.
constexpr char kCommon[] =
    "\x00\xff \x8b\x48\x89"
    "e\x01t\x24\x0f"
    "ao\x83\x04\x02in\x08s\xe8r\x10\x85\xc0l\x74\x03\x4c\xc7"
    "d\x05\x45\xc3\x41\x06\x07\x0c\x44\x90\xcc\x8dhcpum\x0a\x0d\x14\x18\x20"
    "\x28\x30\x38\x40\x49\x50\x53\x54\x55\x80\xfe\xfc\xf8\xe0\xeb\x75gfbyw."
    "0123456789\"'=/<>-_,;:()kvxjqzECSTARNIOLPDMU";

constexpr std::array<uint8_t, 256> MakeCommonness() {
  std::array<uint8_t, 256> ranks{};
  uint8_t rank = 255;
  for (size_t i = 0; i + 1 < sizeof(kCommon); ++i) {
    auto& slot = ranks[static_cast<uint8_t>(kCommon[i])];
    if (slot == 0) slot = rank;
    rank = static_cast<uint8_t>(rank - 1);
  }
  return ranks;
}

constexpr std::array<uint8_t, 256> kCommonness = MakeCommonness();

#if defined(__x86_64__)
[[gnu::target("avx2")]] uint64_t FindAnchorAvx2(const uint8_t* text,
                                                uint64_t from, uint64_t to,
                                                const Anchor& anchor) {
  const __m256i value1 =
      _mm256_set1_epi8(static_cast<char>(anchor.first_value));
  const __m256i mask1 = _mm256_set1_epi8(static_cast<char>(anchor.first_mask));
  const __m256i value2 =
      _mm256_set1_epi8(static_cast<char>(anchor.second_value));
  const __m256i mask2 = _mm256_set1_epi8(static_cast<char>(anchor.second_mask));
  const uint8_t* first = text + anchor.first;
  const uint8_t* second = text + anchor.second;
  uint64_t at = from;
  for (; to - at >= 32; at += 32) {
    const __m256i a =
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(first + at));
    const __m256i b =
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(second + at));
    const __m256i hit =
        _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_and_si256(a, mask1), value1),
                         _mm256_cmpeq_epi8(_mm256_and_si256(b, mask2), value2));
    const auto bits = static_cast<uint32_t>(_mm256_movemask_epi8(hit));
    if (bits != 0) return at + static_cast<uint64_t>(__builtin_ctz(bits));
  }
  return FindAnchorPlainly(text, at, to, anchor);
}
#endif

using Finder = uint64_t (*)(const uint8_t*, uint64_t, uint64_t, const Anchor&);

Finder ChooseFinder() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2")) return FindAnchorAvx2;
#endif
  return FindAnchorPlainly;
}

}  // namespace

uint8_t Commonness(uint8_t byte) { return kCommonness[byte]; }

uint64_t FindAnchor(const uint8_t* text, uint64_t from, uint64_t to,
                    const Anchor& anchor) {
  static const Finder finder = ChooseFinder();
  return from < to ? finder(text, from, to, anchor) : to;
}

uint64_t FindAnchorPlainly(const uint8_t* text, uint64_t from, uint64_t to,
                           const Anchor& anchor) {
  for (uint64_t at = from; at < to; ++at) {
    if ((text[at + anchor.first] & anchor.first_mask) == anchor.first_value &&
        (text[at + anchor.second] & anchor.second_mask) ==
            anchor.second_value) {
      return at;
    }
  }
  return to;
}

}  // namespace vitrine::engine::body
