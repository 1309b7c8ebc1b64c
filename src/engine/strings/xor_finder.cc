// SPDX-License-Identifier: Apache-2.0
#include "engine/strings/xor_finder.h"

#include "base/check.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace vitrine::engine::strings {

XorFinder::XorFinder(Bytes needle, uint8_t min, uint8_t max)
    : needle_(needle.begin(), needle.end()), min_(min), max_(max) {
  CHECK(!needle.empty());
  if (needle_.size() < 2) return;
  // Equal neighbours are everywhere, so other differences are looked for
  // where there are any; the second one another than the first.
  second_ = needle_.size() - 2;
  for (size_t i = 0; i + 1 < needle_.size(); ++i) {
    if (Difference(i) == 0) continue;
    if (Difference(first_) == 0) first_ = i;
    if (Difference(i) != Difference(first_)) {
      second_ = i;
      break;
    }
  }
}

bool XorFinder::MatchesAt(Bytes text, size_t at) const {
  if (at > text.size() || needle_.size() > text.size() - at) return false;
  const uint8_t key = KeyAt(text, at);
  if (key < min_ || key > max_) return false;
  for (size_t i = 1; i < needle_.size(); ++i) {
    if ((text[at + i] ^ key) != needle_[i]) return false;
  }
  return true;
}

size_t XorFinder::FindScalar(Bytes text, size_t from) const {
  if (needle_.size() > text.size()) return kNowhere;
  const size_t last = text.size() - needle_.size();
  for (size_t at = from; at <= last; ++at) {
    if (MatchesAt(text, at)) return at;
  }
  return kNowhere;
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) size_t XorFinder::FindAvx2(Bytes text,
                                                           size_t from) const {
  if (needle_.size() > text.size()) return kNowhere;
  const size_t places = text.size() - needle_.size() + 1;
  const __m256i first = _mm256_set1_epi8(static_cast<char>(Difference(first_)));
  const __m256i second =
      _mm256_set1_epi8(static_cast<char>(Difference(second_)));
  const auto differences = [&](size_t at) __attribute__((target("avx2"))) {
    const uint8_t* base = text.data() + at;
    return _mm256_xor_si256(
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(base)),
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(base + 1)));
  };
  size_t at = from;
  while (at < places && places - at >= 32) {
    const __m256i same =
        _mm256_and_si256(_mm256_cmpeq_epi8(differences(at + first_), first),
                         _mm256_cmpeq_epi8(differences(at + second_), second));
    auto hits = static_cast<uint32_t>(_mm256_movemask_epi8(same));
    for (; hits != 0; hits &= hits - 1) {
      const size_t hit = at + static_cast<size_t>(__builtin_ctz(hits));
      if (MatchesAt(text, hit)) return hit;
    }
    at += 32;
  }
  return FindScalar(text, at);
}

size_t XorFinder::Find(Bytes text, size_t from) const {
  if (needle_.size() < 2 || !__builtin_cpu_supports("avx2")) {
    return FindScalar(text, from);
  }
  return FindAvx2(text, from);
}

#else

size_t XorFinder::Find(Bytes text, size_t from) const {
  return FindScalar(text, from);
}

#endif

}  // namespace vitrine::engine::strings
