// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/bytes.h"

namespace vitrine {

// Appends little-endian integers, varints and counted bytes to a blob. What it
// writes depends on the values alone, so equal input gives equal bytes on
// every machine: compiled code is made of these.
class CodeWriter {
 public:
  void U8(uint8_t value) { out_.push_back(value); }
  void U16(uint16_t value) { Fixed(value, 2); }
  void U32(uint32_t value) { Fixed(value, 4); }
  void U64(uint64_t value) { Fixed(value, 8); }
  void F64(double value) {
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    U64(bits);
  }
  // LEB128: 7 bits a byte, low first; at most 10 bytes.
  void Varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) {
      out_.push_back(static_cast<uint8_t>(value | 0x80));
    }
    out_.push_back(static_cast<uint8_t>(value));
  }
  // Varint length, then the bytes.
  void Counted(Bytes bytes) {
    Varint(bytes.size());
    Raw(bytes);
  }
  void Counted(std::string_view text) { Counted(AsBytes(text)); }
  void Raw(Bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }

  size_t size() const { return out_.size(); }
  // Overwrites four bytes written before: for forward jumps.
  void PatchU32(size_t at, uint32_t value) {
    for (int i = 0; i < 4; ++i) {
      out_[at + static_cast<size_t>(i)] = static_cast<uint8_t>(value >> (8 * i));
    }
  }
  ByteVector Take() { return std::move(out_); }

 private:
  void Fixed(uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
      out_.push_back(static_cast<uint8_t>(value >> (8 * i)));
    }
  }

  ByteVector out_;
};

// Reads what CodeWriter wrote. The blob may come from a hostile file: a read
// past the end gives zero, and ok() says so from then on. Loops over a count
// must stop when ok() turns false.
class CodeReader {
 public:
  explicit CodeReader(Bytes code, size_t at = 0)
      : code_(code), at_(at), ok_(at <= code.size()) {}

  uint8_t U8() { return static_cast<uint8_t>(Fixed(1)); }
  uint16_t U16() { return static_cast<uint16_t>(Fixed(2)); }
  uint32_t U32() { return static_cast<uint32_t>(Fixed(4)); }
  uint64_t U64() { return Fixed(8); }
  double F64() {
    const uint64_t bits = U64();
    double value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  uint64_t Varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const uint8_t byte = U8();
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    ok_ = false;
    return 0;
  }
  Bytes Raw(uint64_t size) {
    if (!ok_ || size > code_.size() - at_) {
      ok_ = false;
      return {};
    }
    const Bytes bytes = code_.subspan(at_, size);
    at_ += size;
    return bytes;
  }
  Bytes Counted() { return Raw(Varint()); }
  std::string_view CountedText() { return AsText(Counted()); }

  bool ok() const { return ok_; }
  bool AtEnd() const { return at_ >= code_.size(); }
  size_t at() const { return at_; }
  void Seek(size_t at) {
    if (at > code_.size()) {
      ok_ = false;
      return;
    }
    at_ = at;
  }

 private:
  uint64_t Fixed(size_t bytes) {
    if (!ok_ || bytes > code_.size() - at_) {
      ok_ = false;
      return 0;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; ++i) {
      value |= static_cast<uint64_t>(code_[at_ + i]) << (8 * i);
    }
    at_ += bytes;
    return value;
  }

  Bytes code_;
  size_t at_;
  bool ok_;
};

}  // namespace vitrine
