// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <optional>

#include "base/byte_reader.h"
#include "base/bytes.h"

namespace vitrine {

// Reads a fixed-layout record field by field, in either byte order. A read
// past the record's end gives zero, and ok() says so from then on.
class FieldReader {
 public:
  // `wide`: Word() is 8 bytes, else 4.
  FieldReader(Bytes record, std::endian order, bool wide = false)
      : record_(record), big_(order == std::endian::big), wide_(wide) {}

  uint8_t U8() { return Next<uint8_t>(); }
  uint16_t U16() { return Next<uint16_t>(); }
  uint32_t U32() { return Next<uint32_t>(); }
  uint64_t U64() { return Next<uint64_t>(); }
  uint64_t Word() { return wide_ ? U64() : U32(); }
  void Skip(uint64_t size) {
    if (!record_.Contains(at_, size)) {
      ok_ = false;
      return;
    }
    at_ += size;
  }

  bool ok() const { return ok_; }
  uint64_t at() const { return at_; }

 private:
  template <typename T>
  T Next() {
    const std::optional<T> value =
        big_ ? record_.Peek<std::endian::big, T>(at_)
             : record_.Peek<std::endian::little, T>(at_);
    if (!value) {
      ok_ = false;
      return 0;
    }
    at_ += sizeof(T);
    return *value;
  }

  ByteReader record_;
  uint64_t at_ = 0;
  bool big_;
  bool wide_;
  bool ok_ = true;
};

}  // namespace vitrine
