// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"
#include "crypto/digest.h"

// MD5 (RFC 1321) in pieces of eight steps, for a caller that has other work to
// do between them: each step waits for the one before it, and leaves most of a
// processor idle. Who has nothing else to do calls crypto::Md5(), which is a
// little faster.
namespace vitrine::crypto {

inline constexpr size_t kMd5BlockSize = 64;

// The state between two blocks.
using Md5State = std::array<uint32_t, 4>;
inline constexpr Md5State kMd5Start = {0x67452301, 0xefcdab89, 0x98badcfe,
                                       0x10325476};

namespace md5_internal {

// floor(2^32 * |sin(i + 1)|)
inline constexpr std::array<uint32_t, 64> kSines = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a,
    0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be,
    0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340,
    0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8,
    0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
    0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
    0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92,
    0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
    0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
inline constexpr std::array<int, 16> kTurns = {7, 12, 17, 22, 5, 9,  14, 20,
                                               4, 11, 16, 23, 6, 10, 15, 21};
// By round: the word of step i is (factor * i + start) % 16.
inline constexpr std::array<int, 4> kWordFactors = {1, 5, 3, 7};
inline constexpr std::array<int, 4> kWordStarts = {0, 1, 5, 0};

template <int kStep>
[[gnu::always_inline]] inline void Step(uint32_t& a, uint32_t b, uint32_t c,
                                        uint32_t d, const uint8_t* block) {
  constexpr int kRound = kStep / 16;
  constexpr int kWord =
      (kWordFactors[kRound] * kStep + kWordStarts[kRound]) % 16;
  uint32_t word;
  std::memcpy(&word, block + 4 * kWord, sizeof word);
  if constexpr (std::endian::native == std::endian::big) {
    word = __builtin_bswap32(word);
  }
  a += kSines[kStep] + word;
  // What does not wait for `b` comes first.
  if constexpr (kRound == 0) {
    a += d ^ (b & (c ^ d));
  } else if constexpr (kRound == 1) {
    a += c & ~d;
    a += b & d;
  } else if constexpr (kRound == 2) {
    a += b ^ (c ^ d);
  } else {
    a += c ^ (b | ~d);
  }
  a = std::rotl(a, kTurns[kRound * 4 + kStep % 4]) + b;
}

}  // namespace md5_internal

// Steps kFirst to kFirst + 7 of a block of 64 bytes.
template <int kFirst>
[[gnu::always_inline]] inline void Md5EightSteps(Md5State& s,
                                                 const uint8_t* block) {
  using md5_internal::Step;
  Step<kFirst>(s[0], s[1], s[2], s[3], block);
  Step<kFirst + 1>(s[3], s[0], s[1], s[2], block);
  Step<kFirst + 2>(s[2], s[3], s[0], s[1], block);
  Step<kFirst + 3>(s[1], s[2], s[3], s[0], block);
  Step<kFirst + 4>(s[0], s[1], s[2], s[3], block);
  Step<kFirst + 5>(s[3], s[0], s[1], s[2], block);
  Step<kFirst + 6>(s[2], s[3], s[0], s[1], block);
  Step<kFirst + 7>(s[1], s[2], s[3], s[0], block);
}

// After the last step of a block; `before`: the state it began with.
[[gnu::always_inline]] inline void Md5EndBlock(Md5State& s,
                                               const Md5State& before) {
  for (size_t i = 0; i < s.size(); ++i) s[i] += before[i];
}

// `bytes` is a whole number of blocks.
void Md5Blocks(Md5State& state, Bytes bytes);

// The digest of `total` bytes, of which `rest` are the last and `state` has
// seen the others, a whole number of blocks.
Md5Digest Md5Finish(Md5State state, Bytes rest, uint64_t total);

}  // namespace vitrine::crypto
