// SPDX-License-Identifier: Apache-2.0
// DEFLATE64 (ZIP method 9): DEFLATE with a 64 KiB window, two more distance
// codes and a length code 285 of 16 extra bits.
#include <algorithm>
#include <array>

#include "formats/codec/decode.h"
#include "formats/codec/huffman.h"
#include "formats/codec/limits.h"

namespace vitrine::codec {
namespace {

constexpr std::array<uint16_t, 29> kLengthBase = {
    3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
    31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 3};
constexpr std::array<uint8_t, 29> kLengthBits = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1,
                                                 1, 1, 2, 2, 2, 2, 3, 3, 3, 3,
                                                 4, 4, 4, 4, 5, 5, 5, 5, 16};
constexpr std::array<uint8_t, 19> kLengthOrder = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

struct Codes {
  Huffman literals;
  Huffman distances;
};

bool FixedCodes(Codes& codes) {
  std::array<uint8_t, 288> lengths;
  std::fill_n(lengths.begin(), 144, uint8_t{8});
  std::fill_n(lengths.begin() + 144, 112, uint8_t{9});
  std::fill_n(lengths.begin() + 256, 24, uint8_t{7});
  std::fill_n(lengths.begin() + 280, 8, uint8_t{8});
  std::array<uint8_t, 32> distances;
  distances.fill(5);
  return codes.literals.Build(lengths) && codes.distances.Build(distances);
}

bool ReadCodes(BitReader& bits, Codes& codes) {
  const uint32_t literals = bits.Take(5) + 257;
  const uint32_t distances = bits.Take(5) + 1;
  const uint32_t count = bits.Take(4) + 4;
  if (literals > 286) return false;
  std::array<uint8_t, 19> order = {};
  for (uint32_t i = 0; i < count; ++i) {
    order[kLengthOrder[i]] = static_cast<uint8_t>(bits.Take(3));
  }
  Huffman meta;
  if (!meta.Build(order)) return false;
  std::array<uint8_t, 286 + 32> lengths = {};
  for (uint32_t i = 0; i < literals + distances;) {
    const int symbol = meta.Decode(bits);
    if (symbol < 0 || bits.exhausted()) return false;
    if (symbol < 16) {
      lengths[i++] = static_cast<uint8_t>(symbol);
      continue;
    }
    if (symbol == 16 && i == 0) return false;
    const uint8_t value = symbol == 16 ? lengths[i - 1] : uint8_t{0};
    uint32_t repeat = 0;
    if (symbol == 16) repeat = 3 + bits.Take(2);
    if (symbol == 17) repeat = 3 + bits.Take(3);
    if (symbol == 18) repeat = 11 + bits.Take(7);
    if (repeat > literals + distances - i) return false;
    for (; repeat > 0; --repeat) lengths[i++] = value;
  }
  const std::span<const uint8_t> all(lengths);
  return codes.literals.Build(all.first(literals)) &&
         codes.distances.Build(all.subspan(literals, distances));
}

// Why decoding stopped when the output would not take more.
End Refused(const Output& out) {
  if (out.out_of_memory()) return End::kMemory;
  return out.overflowed() ? End::kCut : End::kDamaged;
}

End Stored(BitReader& bits, Output& out) {
  bits.AlignToByte();
  const uint32_t length = bits.Take(16);
  if ((length ^ bits.Take(16)) != 0xffff) {
    return bits.exhausted() ? End::kTruncated : End::kDamaged;
  }
  for (uint32_t i = 0; i < length; ++i) {
    const auto byte = static_cast<uint8_t>(bits.Take(8));
    if (bits.exhausted()) return End::kTruncated;
    if (!out.Append(byte)) return Refused(out);
  }
  return End::kWhole;
}

End Block(BitReader& bits, const Codes& codes, const Deadline& deadline,
          Output& out) {
  for (uint64_t next_look = out.size() + kStepBytes;;) {
    if (out.size() >= next_look) {
      if (deadline.Passed()) return End::kDeadline;
      next_look = out.size() + kStepBytes;
    }
    const int symbol = codes.literals.Decode(bits);
    if (bits.exhausted()) return End::kTruncated;
    if (symbol < 0 || symbol > 285) return End::kDamaged;
    if (symbol == 256) return End::kWhole;
    if (symbol < 256) {
      if (!out.Append(static_cast<uint8_t>(symbol))) return Refused(out);
      continue;
    }
    const auto code = static_cast<size_t>(symbol - 257);
    const uint32_t length = kLengthBase[code] + bits.Take(kLengthBits[code]);
    const int slot = codes.distances.Decode(bits);
    if (slot < 0) return bits.exhausted() ? End::kTruncated : End::kDamaged;
    uint32_t distance = static_cast<uint32_t>(slot) + 1;
    if (slot >= 4) {
      const unsigned extra = static_cast<unsigned>(slot) / 2 - 1;
      distance = ((2U + (static_cast<uint32_t>(slot) & 1)) << extra) +
                 bits.Take(extra) + 1;
    }
    if (bits.exhausted()) return End::kTruncated;
    if (!out.Copy(distance, length)) return Refused(out);
  }
}

}  // namespace

Decoded Deflate64(const Input& input) {
  Decoded decoded{Output(input.allowance), End::kWhole, 0};
  BitReader bits(input.bytes);
  Codes codes;
  bool last = false;
  while (!last && decoded.end == End::kWhole) {
    last = bits.Take(1) != 0;
    const uint32_t kind = bits.Take(2);
    if (bits.exhausted()) {
      decoded.end = End::kTruncated;
    } else if (input.deadline.Passed()) {
      decoded.end = End::kDeadline;
    } else if (kind == 0) {
      decoded.end = Stored(bits, decoded.out);
    } else if (kind == 3 ||
               !(kind == 1 ? FixedCodes(codes) : ReadCodes(bits, codes))) {
      decoded.end = bits.exhausted() ? End::kTruncated : End::kDamaged;
    } else {
      decoded.end = Block(bits, codes, input.deadline, decoded.out);
    }
  }
  decoded.consumed = bits.consumed();
  return decoded;
}

}  // namespace vitrine::codec
