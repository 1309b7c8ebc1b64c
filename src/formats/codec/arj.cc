// SPDX-License-Identifier: Apache-2.0
// ARJ's two compressions. 1 to 3 are LZ77 with three prefix codes a block, as
// in LHA; 4 has fixed codes. Bits come highest first.
#include <algorithm>
#include <array>
#include <memory>

#include "formats/codec/decode.h"
#include "formats/codec/huffman.h"
#include "formats/codec/limits.h"

namespace vitrine::codec {
namespace {

constexpr size_t kLiterals = 510;  // 256 bytes, lengths from 3 on.
constexpr size_t kDistances = 17;
constexpr size_t kLengths = 19;
constexpr uint32_t kLengthShift = 253;  // Symbol 256 is length 3.

// As BitReader, from the highest bit of each byte down.
class HighBitReader {
 public:
  explicit HighBitReader(Bytes bytes) : bytes_(bytes) {}

  // The next 1 to 16 bits, the first of them highest.
  uint32_t Peek(unsigned count) {
    while (held_ < count) {
      bits_ = bits_ << 8 | (at_ < bytes_.size() ? bytes_[at_] : 0U);
      missing_ += at_ < bytes_.size() ? 0 : 8;
      ++at_;
      held_ += 8;
    }
    return (bits_ >> (held_ - count)) & ((uint32_t{1} << count) - 1);
  }
  void Skip(unsigned count) { held_ -= count; }
  uint32_t Take(unsigned count) {
    if (count == 0) return 0;
    const uint32_t value = Peek(count);
    Skip(count);
    return value;
  }
  // The next 16 bits, the first of them lowest.
  uint32_t PeekReversed() {
    uint32_t v = Peek(16);
    v = ((v >> 1) & 0x5555) | ((v & 0x5555) << 1);
    v = ((v >> 2) & 0x3333) | ((v & 0x3333) << 2);
    v = ((v >> 4) & 0x0f0f) | ((v & 0x0f0f) << 4);
    return ((v >> 8) | (v << 8)) & 0xffff;
  }
  bool exhausted() const { return missing_ > held_; }
  uint64_t consumed() const {
    return std::min<uint64_t>(at_ - held_ / 8, bytes_.size());
  }

 private:
  Bytes bytes_;
  uint64_t at_ = 0;
  uint32_t bits_ = 0;
  unsigned held_ = 0;
  unsigned missing_ = 0;
};

// A prefix code, or the one symbol that a block knows.
class Code {
 public:
  bool Build(std::span<const uint8_t> lengths) {
    single_ = -1;
    return huffman_.Build(lengths);
  }
  void SetSingle(uint32_t symbol) { single_ = static_cast<int>(symbol); }

  int Decode(HighBitReader& bits) const {
    if (single_ >= 0) return single_;
    unsigned length = 0;
    const int symbol = huffman_.Lookup(bits.PeekReversed(), length);
    if (symbol >= 0) bits.Skip(length);
    return symbol;
  }

 private:
  Huffman huffman_;
  int single_ = 0;
};

// The lengths of a small code, in unary from 7 on. Behind the third of them
// may be a run of zeros, if `has_run`.
bool ReadSmall(HighBitReader& bits, size_t symbols, bool has_run, Code& code) {
  const uint32_t count = bits.Take(5);
  if (count == 0) {
    const uint32_t only = bits.Take(5);
    code.SetSingle(only);
    return only < symbols;
  }
  std::array<uint8_t, kLengths> lengths = {};
  for (size_t i = 0; i < std::min<size_t>(count, symbols);) {
    uint32_t length = bits.Take(3);
    while (length >= 7 && bits.Take(1) == 1) {
      if (++length > 16) return false;
    }
    lengths[i++] = static_cast<uint8_t>(length);
    if (has_run && i == 3) i += bits.Take(2);
  }
  return code.Build(std::span(lengths).first(symbols));
}

bool ReadLiterals(HighBitReader& bits, const Code& meta, Code& code) {
  const uint32_t count = bits.Take(9);
  if (count == 0) {
    const uint32_t only = bits.Take(9);
    code.SetSingle(only);
    return only < kLiterals;
  }
  if (count > kLiterals) return false;
  std::array<uint8_t, kLiterals> lengths = {};
  for (size_t i = 0; i < count;) {
    const int symbol = meta.Decode(bits);
    if (symbol < 0 || bits.exhausted()) return false;
    if (symbol > 2) {
      lengths[i++] = static_cast<uint8_t>(symbol - 2);
    } else if (symbol == 0) {
      ++i;
    } else {
      i += symbol == 1 ? bits.Take(4) + 3 : bits.Take(9) + 20;
    }
  }
  return code.Build(lengths);
}

struct Block {
  Code literals;
  Code distances;
  uint32_t left = 0;  // Symbols to come.
};

bool ReadBlock(HighBitReader& bits, Block& block) {
  Code meta;
  block.left = bits.Take(16);
  return block.left != 0 && ReadSmall(bits, kLengths, true, meta) &&
         ReadLiterals(bits, meta, block.literals) &&
         ReadSmall(bits, kDistances, false, block.distances);
}

// kWhole: go on.
End NextLzh(HighBitReader& bits, Block& block, Output& out) {
  if (block.left == 0 && !ReadBlock(bits, block)) return End::kDamaged;
  --block.left;
  const int symbol = block.literals.Decode(bits);
  if (symbol < 0) return End::kDamaged;
  if (symbol < 256) {
    return out.Append(static_cast<uint8_t>(symbol)) ? End::kWhole : End::kCut;
  }
  const int slot = block.distances.Decode(bits);
  if (slot < 0 || slot > 16) return End::kDamaged;
  uint32_t distance = 1;
  if (slot > 0) {
    const auto extra = static_cast<unsigned>(slot - 1);
    distance += (uint32_t{1} << extra) + bits.Take(extra);
  }
  const uint32_t length = static_cast<uint32_t>(symbol) - kLengthShift;
  return out.Copy(distance, length, true) ? End::kWhole : End::kCut;
}

// A number whose width, from `least` to `most`, is in unary before it.
uint32_t TakeNumber(HighBitReader& bits, unsigned least, unsigned most) {
  uint32_t base = 0;
  unsigned width = least;
  for (; width < most && bits.Take(1) == 1; ++width) {
    base += uint32_t{1} << width;
  }
  return base + bits.Take(width);
}

End NextFastest(HighBitReader& bits, Output& out) {
  const uint32_t length = TakeNumber(bits, 0, 7);
  if (length == 0) {
    const auto byte = static_cast<uint8_t>(bits.Take(8));
    return out.Append(byte) ? End::kWhole : End::kCut;
  }
  const uint32_t distance = TakeNumber(bits, 9, 13) + 1;
  return out.Copy(distance, length + 2, true) ? End::kWhole : End::kCut;
}

template <typename Next>
Decoded Run(const Input& input, Next next) {
  const uint64_t wanted = std::min(input.allowance, input.expected);
  Decoded decoded{Output(wanted), End::kWhole, 0};
  HighBitReader bits(input.bytes);
  uint64_t next_look = kStepBytes;
  while (decoded.end == End::kWhole && decoded.out.size() < wanted) {
    decoded.end = next(bits, decoded.out);
    if (bits.exhausted()) decoded.end = End::kTruncated;
    if (decoded.out.size() >= next_look) {
      next_look += kStepBytes;
      if (input.deadline.Passed()) decoded.end = End::kDeadline;
    }
  }
  // The last match may reach over the size.
  if (decoded.end == End::kCut) decoded.end = End::kWhole;
  if (decoded.out.out_of_memory()) decoded.end = End::kMemory;
  if (decoded.end == End::kWhole && input.allowance < input.expected) {
    decoded.end = End::kCut;
  }
  decoded.consumed = bits.consumed();
  return decoded;
}

}  // namespace

Decoded ArjLzh(const Input& input) {
  const auto block = std::make_unique<Block>();
  return Run(input, [&](HighBitReader& bits, Output& out) {
    return NextLzh(bits, *block, out);
  });
}

Decoded ArjFastest(const Input& input) { return Run(input, NextFastest); }

}  // namespace vitrine::codec
