// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace vitrine {

// What FieldReader reads, written: for tests, which build their files.
class RecordWriter {
 public:
  explicit RecordWriter(std::endian order = std::endian::little,
                        bool wide = false)
      : big_(order == std::endian::big), wide_(wide) {}

  RecordWriter& U8(uint64_t value) { return Number(value, 1); }
  RecordWriter& U16(uint64_t value) { return Number(value, 2); }
  RecordWriter& U32(uint64_t value) { return Number(value, 4); }
  RecordWriter& U64(uint64_t value) { return Number(value, 8); }
  RecordWriter& Word(uint64_t value) { return Number(value, wide_ ? 8 : 4); }
  RecordWriter& Text(std::string_view text) {
    const Bytes bytes = AsBytes(text);
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  // With zeros to `size` bytes.
  RecordWriter& Text(std::string_view text, size_t size) {
    const size_t end = out_.size() + size;
    return Text(text.substr(0, size)).PadTo(end);
  }
  RecordWriter& Raw(Bytes bytes) { return Text(AsText(bytes)); }
  RecordWriter& PadTo(size_t size) {
    if (out_.size() < size) out_.resize(size);
    return *this;
  }
  // Overwrites what was written before.
  RecordWriter& PatchU32(size_t at, uint64_t value) {
    for (size_t i = 0; i < 4; ++i) {
      out_[at + i] = static_cast<uint8_t>(value >> (8 * (big_ ? 3 - i : i)));
    }
    return *this;
  }

  size_t size() const { return out_.size(); }
  const ByteVector& bytes() const { return out_; }

 private:
  RecordWriter& Number(uint64_t value, int size) {
    for (int i = 0; i < size; ++i) {
      const int byte = big_ ? size - 1 - i : i;
      out_.push_back(static_cast<uint8_t>(value >> (8 * byte)));
    }
    return *this;
  }

  ByteVector out_;
  bool big_;
  bool wide_;
};

}  // namespace vitrine
