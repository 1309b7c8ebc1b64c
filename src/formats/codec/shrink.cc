// SPDX-License-Identifier: Apache-2.0
// ZIP method 1 (APPNOTE 5.1): LZW of 9 to 13 bits whose table is thinned out
// now and then ("partial clearing") instead of emptied.
#include <algorithm>
#include <array>

#include "formats/codec/bit_reader.h"
#include "formats/codec/decode.h"
#include "formats/codec/limits.h"

namespace vitrine::codec {
namespace {

constexpr size_t kCodes = 8192;
constexpr uint16_t kControl = 256;
constexpr uint16_t kFree = 0xffff;

class Table {
 public:
  Table() { prefix_.fill(kFree); }

  // Writes the string of `code`, which may be one that is not there: it is
  // then the previous string and its own first byte.
  bool Emit(uint32_t code, uint32_t previous, Output& out, uint8_t& first) {
    size_t length = 0;
    uint32_t at = code;
    const bool missing = code >= 257 && prefix_[code] == kFree;
    if (missing) at = previous;
    for (; at >= 257; at = prefix_[at]) {
      if (length == kCodes || prefix_[at] == kFree) return false;
      stack_[length++] = suffix_[at];
    }
    if (at == kControl) return false;
    first = static_cast<uint8_t>(at);
    if (!out.Append(first)) return false;
    while (length > 0) {
      if (!out.Append(stack_[--length])) return false;
    }
    return !missing || out.Append(first);
  }

  // The lowest free code from the last one given on.
  void Add(uint32_t prefix, uint8_t suffix) {
    while (next_ < kCodes && prefix_[next_] != kFree) ++next_;
    if (next_ == kCodes) return;  // Full: nothing is added until a clearing.
    prefix_[next_] = static_cast<uint16_t>(prefix);
    suffix_[next_] = suffix;
    ++next_;
  }

  // Frees every code that no other code builds on.
  void Thin() {
    std::array<bool, kCodes> used = {};
    for (size_t i = 257; i < kCodes; ++i) {
      if (prefix_[i] != kFree) used[prefix_[i]] = true;
    }
    for (size_t i = 257; i < kCodes; ++i) {
      if (!used[i]) prefix_[i] = kFree;
    }
    next_ = 257;
  }

 private:
  std::array<uint16_t, kCodes> prefix_;
  std::array<uint8_t, kCodes> suffix_ = {};
  std::array<uint8_t, kCodes> stack_ = {};
  size_t next_ = 257;
};

End Run(const Input& input, BitReader& bits, uint64_t wanted, Output& out) {
  Table table;
  unsigned width = 9;
  uint32_t previous = kControl;
  uint32_t controls = 0;
  uint64_t next_look = kStepBytes;
  while (out.size() < wanted) {
    const uint32_t code = bits.Take(width);
    if (bits.exhausted()) return End::kTruncated;
    if (code == kControl) {
      const uint32_t what = bits.Take(width);
      if (what == 1 && width < 13) {
        ++width;
      } else if (what == 2) {
        table.Thin();
      } else {
        return bits.exhausted() ? End::kTruncated : End::kDamaged;
      }
      // Thinning costs 8 Ki steps for 18 bits of input.
      if (++controls % kMembersPerLook == 0 && input.deadline.Passed()) {
        return End::kDeadline;
      }
      continue;
    }
    if (previous == kControl && code > 255) return End::kDamaged;
    uint8_t first = 0;
    if (!table.Emit(code, previous, out, first)) {
      if (out.out_of_memory()) return End::kMemory;
      // Beyond the size: the last string, cut.
      return out.overflowed() ? End::kWhole : End::kDamaged;
    }
    if (previous != kControl) table.Add(previous, first);
    previous = code;
    if (out.size() >= next_look) {
      next_look += kStepBytes;
      if (input.deadline.Passed()) return End::kDeadline;
    }
  }
  return End::kWhole;
}

}  // namespace

Decoded Shrink(const Input& input) {
  const uint64_t wanted = std::min(input.allowance, input.expected);
  Decoded decoded{Output(wanted), End::kWhole, 0};
  BitReader bits(input.bytes);
  decoded.end = Run(input, bits, wanted, decoded.out);
  if (decoded.end == End::kWhole && input.allowance < input.expected) {
    decoded.end = End::kCut;
  }
  decoded.consumed = bits.consumed();
  return decoded;
}

}  // namespace vitrine::codec
