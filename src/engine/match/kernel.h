// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "crypto/md5_blocks.h"

// The filter's innermost loop, once for each instruction set. All give the
// same positions for the same bytes: a test holds them to it.
namespace vitrine::engine::match {

// A bitmap of 2^bits_log2 bits, by IndexOfQuad().
struct QuadBitmap {
  const uint32_t* words = nullptr;
  uint32_t bits_log2 = 0;
};
// What may be written behind the last position that a kernel reports.
inline constexpr size_t kPositionsSlack = 4;

// A bitmap of 2^16 bits, by pair, and two coarser forms of it: a pair whose
// bytes share no bit of `first` and `second`, or whose halves of bytes share
// none of either Nibbles, is not in the bitmap.
struct PairSet {
  struct Nibbles {
    std::array<uint8_t, 16> first_low = {};
    std::array<uint8_t, 16> first_high = {};
    std::array<uint8_t, 16> second_low = {};
    std::array<uint8_t, 16> second_high = {};
  };

  const uint32_t* words = nullptr;
  std::array<uint8_t, 256> first = {};
  std::array<uint8_t, 256> second = {};
  std::array<Nibbles, 2> nibbles;
  bool is_small = false;  // The first Nibbles has all pairs.
};
// `words` must outlive the result.
PairSet MakePairSet(const uint32_t* words);

struct Kernel {
  std::string_view name;  // "scalar", "avx2", "avx512".
  // Even positions p in [from, to) of `data` whose quad's bit is set, rising,
  // into `out`; returns their number. `from` is even. data[to + 2] must be
  // readable: to <= size - 3. `out` must have room for half of to - from and
  // kPositionsSlack. Positions must fit 32 bits.
  size_t (*quads)(const uint8_t* data, uint32_t from, uint32_t to,
                  QuadBitmap bitmap, uint32_t* out);
  // As quads() of [0, to), and `md5` goes on over data[0, to): a whole number
  // of its blocks. Done together they take little more than MD5 alone, whose
  // steps wait for each other.
  size_t (*md5_quads)(const uint8_t* data, uint32_t to, QuadBitmap bitmap,
                      uint32_t* out, crypto::Md5State& md5);
  // All positions p in [from, to) whose pair's bit is set; to <= size - 1.
  // `out` must have room for to - from.
  size_t (*pairs)(const uint8_t* data, uint32_t from, uint32_t to,
                  const PairSet& pairs, uint32_t* out);
};

// The best this processor has. VITRINE_KERNEL in the environment may name a
// lesser one; read once.
const Kernel& BestKernel();
// By name; null if unknown or not to be had on this processor.
const Kernel* FindKernel(std::string_view name);

}  // namespace vitrine::engine::match
