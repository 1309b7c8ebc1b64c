// SPDX-License-Identifier: Apache-2.0
// ZIP method 6 (APPNOTE 5.3): matches and literals, some of them coded by
// Shannon-Fano trees that come first.
#include <algorithm>
#include <array>

#include "formats/codec/decode.h"
#include "formats/codec/huffman.h"
#include "formats/codec/limits.h"

namespace vitrine::codec {
namespace {

// A tree: how many runs there are, then each run's length and bits per code.
bool ReadTree(BitReader& bits, size_t symbols, Huffman& tree) {
  std::array<uint8_t, 256> lengths = {};
  size_t filled = 0;
  const uint32_t runs = bits.Take(8) + 1;
  for (uint32_t i = 0; i < runs; ++i) {
    const auto length = static_cast<uint8_t>(bits.Take(4) + 1);
    const size_t run = bits.Take(4) + 1;
    if (run > symbols - filled) return false;
    std::fill_n(lengths.begin() + static_cast<ptrdiff_t>(filled), run, length);
    filled += run;
  }
  return filled == symbols && !bits.exhausted() &&
         tree.Build(std::span(lengths).first(symbols));
}

struct Trees {
  Huffman literals;
  Huffman lengths;
  Huffman distances;
};

End Next(BitReader& bits, const Trees& trees, ImplodeFlags flags, Output& out) {
  if (bits.Take(1) != 0) {
    const int literal = flags.literal_tree ? trees.literals.Decode(bits, true)
                                           : static_cast<int>(bits.Take(8));
    if (literal < 0) return End::kDamaged;
    return out.Append(static_cast<uint8_t>(literal)) ? End::kWhole : End::kCut;
  }
  const unsigned low_bits = flags.window_8k ? 7 : 6;
  const uint32_t low = bits.Take(low_bits);
  const int high = trees.distances.Decode(bits, true);
  const int code = trees.lengths.Decode(bits, true);
  if (high < 0 || code < 0) return End::kDamaged;
  uint32_t length = static_cast<uint32_t>(code);
  if (code == 63) length += bits.Take(8);
  length += flags.literal_tree ? 3 : 2;
  const uint32_t distance = (static_cast<uint32_t>(high) << low_bits | low) + 1;
  // A window that nothing was written to yet is full of zeros.
  return out.Copy(distance, length, true) ? End::kWhole : End::kCut;
}

}  // namespace

Decoded Implode(const Input& input, ImplodeFlags flags) {
  Decoded decoded{Output(std::min(input.allowance, input.expected)),
                  End::kWhole, 0};
  BitReader bits(input.bytes);
  Trees trees;
  if ((flags.literal_tree && !ReadTree(bits, 256, trees.literals)) ||
      !ReadTree(bits, 64, trees.lengths) ||
      !ReadTree(bits, 64, trees.distances)) {
    decoded.end = bits.exhausted() ? End::kTruncated : End::kDamaged;
    return decoded;
  }
  uint64_t next_look = kStepBytes;
  const uint64_t wanted = std::min(input.allowance, input.expected);
  while (decoded.end == End::kWhole && decoded.out.size() < wanted) {
    decoded.end = Next(bits, trees, flags, decoded.out);
    if (bits.exhausted()) decoded.end = End::kTruncated;
    if (decoded.out.size() >= next_look) {
      next_look += kStepBytes;
      if (input.deadline.Passed()) decoded.end = End::kDeadline;
    }
  }
  // The last match may reach over the size; that is how encoders end it.
  if (decoded.out.out_of_memory()) {
    decoded.end = End::kMemory;
  } else if (decoded.end == End::kCut) {
    decoded.end = End::kWhole;
  }
  if (decoded.end == End::kWhole && input.allowance < input.expected) {
    decoded.end = End::kCut;
  }
  decoded.consumed = bits.consumed();
  return decoded;
}

}  // namespace vitrine::codec
