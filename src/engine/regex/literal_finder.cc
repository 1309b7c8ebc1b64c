// SPDX-License-Identifier: Apache-2.0
#include "engine/regex/literal_finder.h"

#include <cstring>

#include "base/check.h"
#include "base/text.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace vitrine::engine::regex {

uint8_t Commonness(uint8_t byte) {
  if (byte == 0) return 255;
  if (byte == 0xff) return 200;
  if (byte == ' ') return 190;
  if (byte == 'e' || byte == 't' || byte == 'a' || byte == 'i' || byte == 'n' ||
      byte == 'o' || byte == 'r' || byte == 's') {
    return 170;
  }
  if (byte >= 'a' && byte <= 'z') return 130;
  // Instruction bytes of x86.
  if (byte == 0x48 || byte == 0x8b || byte == 0x89 || byte == 0xcc ||
      byte == 0x24 || byte == 0x0f || byte == 0xe8) {
    return 140;
  }
  if (byte < 16 || IsDigit(byte)) return 110;
  if (byte == '.' || byte == '_' || byte == '\n' || byte == '/') return 100;
  if (byte >= 'A' && byte <= 'Z') return 90;
  return byte < 128 ? 60 : 50;
}

LiteralFinder::LiteralFinder(Bytes needle, bool nocase)
    : needle_(needle.begin(), needle.end()), nocase_(nocase) {
  CHECK(!needle.empty());
  if (nocase_) {
    for (uint8_t& byte : needle_) byte = ToLower(byte);
  }
  const auto weight = [&](size_t i) {
    const int both = nocase_ && IsAlpha(needle_[i]) ? 60 : 0;
    return Commonness(needle_[i]) + both;
  };
  size_t rare = 0;
  for (size_t i = 1; i < needle_.size(); ++i) {
    if (weight(i) < weight(rare)) rare = i;
  }
  // Another byte than the first choice if there is one, else any other place.
  size_t second = needle_.size() > 1 ? (rare == 0 ? needle_.size() - 1 : 0) : 0;
  int best = 1000;
  for (size_t i = 0; i < needle_.size(); ++i) {
    if (needle_[i] != needle_[rare] && weight(i) < best) {
      best = weight(i);
      second = i;
    }
  }
  rare_ = ProbeAt(rare);
  second_ = ProbeAt(second);
}

LiteralFinder::Probe LiteralFinder::ProbeAt(size_t offset) const {
  const uint8_t byte = needle_[offset];
  const bool fold = nocase_ && IsAlpha(byte);
  return {offset, byte, static_cast<uint8_t>(fold ? 0x20 : 0)};
}

bool LiteralFinder::MatchesAt(Bytes text, size_t at) const {
  if (at > text.size() || needle_.size() > text.size() - at) return false;
  if (!nocase_) {
    return std::memcmp(text.data() + at, needle_.data(), needle_.size()) == 0;
  }
  for (size_t i = 0; i < needle_.size(); ++i) {
    if (ToLower(text[at + i]) != needle_[i]) return false;
  }
  return true;
}

size_t LiteralFinder::FindScalar(Bytes text, size_t from) const {
  if (needle_.size() > text.size()) return kNowhere;
  const size_t last = text.size() - needle_.size();
  for (size_t at = from; at <= last; ++at) {
    if (rare_.fold == 0) {
      const uint8_t* begin = text.data() + at + rare_.offset;
      const void* hit = std::memchr(begin, rare_.byte, last - at + 1);
      if (hit == nullptr) return kNowhere;
      at += static_cast<size_t>(static_cast<const uint8_t*>(hit) - begin);
    } else if ((text[at + rare_.offset] | rare_.fold) != rare_.byte) {
      continue;
    }
    if (MatchesAt(text, at)) return at;
  }
  return kNowhere;
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) size_t LiteralFinder::FindAvx2(
    Bytes text, size_t from) const {
  if (needle_.size() > text.size()) return kNowhere;
  // Places where 32 bytes can be read at both probes.
  const size_t places = text.size() - needle_.size() + 1;
  const __m256i rare = _mm256_set1_epi8(static_cast<char>(rare_.byte));
  const __m256i second = _mm256_set1_epi8(static_cast<char>(second_.byte));
  const __m256i rare_fold = _mm256_set1_epi8(static_cast<char>(rare_.fold));
  const __m256i second_fold = _mm256_set1_epi8(static_cast<char>(second_.fold));
  size_t at = from;
  while (at < places && places - at >= 32) {
    const auto* base = text.data() + at;
    const __m256i a = _mm256_loadu_si256(
        reinterpret_cast<const __m256i*>(base + rare_.offset));
    const __m256i b = _mm256_loadu_si256(
        reinterpret_cast<const __m256i*>(base + second_.offset));
    const __m256i same = _mm256_and_si256(
        _mm256_cmpeq_epi8(_mm256_or_si256(a, rare_fold), rare),
        _mm256_cmpeq_epi8(_mm256_or_si256(b, second_fold), second));
    auto hits = static_cast<uint32_t>(_mm256_movemask_epi8(same));
    for (; hits != 0; hits &= hits - 1) {
      const size_t hit = at + static_cast<size_t>(__builtin_ctz(hits));
      if (MatchesAt(text, hit)) return hit;
    }
    at += 32;
  }
  return FindScalar(text, at);
}

size_t LiteralFinder::Find(Bytes text, size_t from) const {
  return __builtin_cpu_supports("avx2") ? FindAvx2(text, from)
                                        : FindScalar(text, from);
}

#else

size_t LiteralFinder::Find(Bytes text, size_t from) const {
  return FindScalar(text, from);
}

#endif

}  // namespace vitrine::engine::regex
