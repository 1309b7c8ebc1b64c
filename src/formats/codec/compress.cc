// SPDX-License-Identifier: Apache-2.0
// The .Z format of compress(1): LZW of 9 to 16 bits. Codes come in groups of
// eight of one width; when the width changes, the rest of a group is padding.
#include <array>
#include <memory>

#include "base/byte_reader.h"
#include "formats/codec/decode.h"
#include "formats/codec/limits.h"

namespace vitrine::codec {
namespace {

constexpr uint32_t kClear = 256;
constexpr uint8_t kBlockMode = 0x80;

struct Lzw {
  std::array<uint16_t, 65536> prefix;
  std::array<uint8_t, 65536> suffix;
  std::array<uint8_t, 65536> stack;
};

class Decoder {
 public:
  Decoder(Bytes bytes, unsigned width_max, bool block_mode)
      : bytes_(bytes),
        lzw_(std::make_unique<Lzw>()),
        width_max_(width_max),
        first_free_(block_mode ? 257 : 256),
        next_(first_free_),
        block_mode_(block_mode) {}

  End Run(const Deadline& deadline, Output& out) {
    uint64_t next_look = kStepBytes;
    for (uint32_t code = 0; TakeCode(code);) {
      if (code == kClear && block_mode_) {
        Align();
        width_ = 9;
        next_ = first_free_;
        has_previous_ = false;
        continue;
      }
      if (!Emit(code, out)) {
        if (out.out_of_memory()) return End::kMemory;
        return out.overflowed() ? End::kCut : End::kDamaged;
      }
      if (out.size() >= next_look) {
        next_look = out.size() + kStepBytes;
        if (deadline.Passed()) return End::kDeadline;
      }
    }
    // compress(1) has no end mark: a cut file looks like a short one.
    return End::kWhole;
  }

 private:
  bool TakeCode(uint32_t& code) {
    // The table is full at this width: the next group is wider.
    if (next_ >= (uint32_t{1} << width_) && width_ < width_max_) {
      Align();
      ++width_;
    }
    const uint64_t bit = group_ + in_group_;
    if ((bit + width_) > 8 * static_cast<uint64_t>(bytes_.size())) return false;
    uint32_t value = 0;
    for (uint64_t i = 0; i < 3 && bit / 8 + i < bytes_.size(); ++i) {
      value |= uint32_t{bytes_[bit / 8 + i]} << (8 * i);
    }
    code = (value >> (bit % 8)) & ((uint32_t{1} << width_) - 1);
    in_group_ += width_;
    if (in_group_ == 8 * width_) Align();
    return true;
  }

  // On to the next group of eight codes.
  void Align() {
    if (in_group_ != 0) group_ += 8 * width_;
    in_group_ = 0;
  }

  bool Emit(uint32_t code, Output& out) {
    if (!has_previous_) {
      if (code > 255) return false;
      has_previous_ = true;
      previous_ = code;
      first_ = static_cast<uint8_t>(code);
      return out.Append(first_);
    }
    if (code > next_ || (code == next_ && next_ >= 65536)) return false;
    size_t length = 0;
    uint32_t at = code;
    if (code == next_) {
      lzw_->stack[length++] = first_;
      at = previous_;
    }
    // Each prefix is a lower code than its own, so this ends.
    for (; at > 255; at = lzw_->prefix[at]) {
      if (at < first_free_) return false;
      lzw_->stack[length++] = lzw_->suffix[at];
    }
    first_ = static_cast<uint8_t>(at);
    if (!out.Append(first_)) return false;
    while (length > 0) {
      if (!out.Append(lzw_->stack[--length])) return false;
    }
    if (next_ < (uint32_t{1} << width_max_)) {
      lzw_->prefix[next_] = static_cast<uint16_t>(previous_);
      lzw_->suffix[next_] = first_;
      ++next_;
    }
    previous_ = code;
    return true;
  }

  Bytes bytes_;
  std::unique_ptr<Lzw> lzw_;
  unsigned width_max_;
  unsigned width_ = 9;
  uint32_t first_free_;
  uint32_t next_;
  uint32_t previous_ = 0;
  uint8_t first_ = 0;
  bool has_previous_ = false;
  bool block_mode_;
  uint64_t group_ = 0;  // Bit at which the group starts.
  uint64_t in_group_ = 0;
};

}  // namespace

Decoded Compress(const Input& input) {
  Decoded decoded{Output(input.allowance), End::kTruncated, 0};
  const ByteReader reader(input.bytes);
  const auto magic = reader.U16(0);
  const auto flags = reader.U8(2);
  if (!magic || !flags) return decoded;
  const unsigned width_max = *flags & 0x1f;
  if (*magic != 0x9d1f || width_max < 9 || width_max > 16) {
    decoded.end = End::kDamaged;
    return decoded;
  }
  Decoder decoder(input.bytes.subspan(3), width_max, *flags & kBlockMode);
  decoded.end = decoder.Run(input.deadline, decoded.out);
  decoded.consumed = input.bytes.size();
  return decoded;
}

}  // namespace vitrine::codec
