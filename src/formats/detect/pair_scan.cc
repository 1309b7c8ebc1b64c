// SPDX-License-Identifier: Apache-2.0
#include "formats/detect/pair_scan.h"

#include <cstring>

namespace vitrine::detect {
namespace {

// Compilers turn this into what the machine has: two SSE registers, or one of
// AVX2.
using Vector = uint8_t __attribute__((vector_size(32)));
constexpr uint64_t kStep = sizeof(Vector);

bool IsPair(uint8_t first, uint8_t second) {
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

// Whether one of the pairs starts in the kStep bytes at `at`; one more byte
// must be there to read.
inline __attribute__((always_inline)) bool AnyPair(const uint8_t* at) {
  Vector first;
  Vector second;
  std::memcpy(&first, at, kStep);
  std::memcpy(&second, at + 1, kStep);
  const auto hit =
      ((first == 'M') & ((second == 'Z') | (second == 'S'))) |
      ((first == 'P') & (second == 'K')) | ((first == 'R') & (second == 'a')) |
      ((first == '7') & (second == 'z')) |
      ((first == 0x60) & (second == 0xea)) |
      ((first == 'E') & (second == 'G')) |
      ((first == 0xef) & (second == 0xbe)) |
      ((first == 0xa3) & (second == 0x48)) | ((first == '%') & (second == 'P'));
  uint64_t words[kStep / 8];
  std::memcpy(words, &hit, kStep);
  return (words[0] | words[1] | words[2] | words[3]) != 0;
}

// The first block from `at` on with a pair in it, or the first that `size`
// does not hold whole.
uint64_t SkipBlocks(const uint8_t* bytes, uint64_t at, uint64_t size) {
  while (size - at > kStep && !AnyPair(bytes + at)) at += kStep;
  return at;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) uint64_t SkipBlocksAvx2(const uint8_t* bytes,
                                                        uint64_t at,
                                                        uint64_t size) {
  while (size - at > kStep && !AnyPair(bytes + at)) at += kStep;
  return at;
}

uint64_t Skip(const uint8_t* bytes, uint64_t at, uint64_t size) {
  return __builtin_cpu_supports("avx2") ? SkipBlocksAvx2(bytes, at, size)
                                        : SkipBlocks(bytes, at, size);
}
#else
uint64_t Skip(const uint8_t* bytes, uint64_t at, uint64_t size) {
  return SkipBlocks(bytes, at, size);
}
#endif

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
