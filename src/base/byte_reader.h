// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"

namespace vitrine {

// The one place where untrusted bytes become integers. Holds a view, owns
// nothing; every access is checked against the view's end.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : bytes_(bytes) {}

  uint64_t size() const { return bytes_.size(); }
  Bytes bytes() const { return bytes_; }

  bool Contains(uint64_t offset, uint64_t size) const {
    return offset <= bytes_.size() && size <= bytes_.size() - offset;
  }

  // [offset, offset + size), or kTruncated.
  Result<Bytes> At(uint64_t offset, uint64_t size) const {
    if (!Contains(offset, size)) {
      return Error{Code::kTruncated, "range ends after the input"};
    }
    return bytes_.subspan(offset, size);
  }

  // The integer at `offset`, or kTruncated.
  template <std::endian kOrder, std::integral T>
  Result<T> Read(uint64_t offset) const {
    if (const auto value = Peek<kOrder, T>(offset)) return *value;
    return Error{Code::kTruncated, "integer ends after the input"};
  }

  // As Read(), for callers to whom "absent" is an ordinary answer.
  template <std::endian kOrder, std::integral T>
  std::optional<T> Peek(uint64_t offset) const {
    if (!Contains(offset, sizeof(T))) return std::nullopt;
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof(T));
    return kOrder == std::endian::native ? value : Swap(value);
  }

  std::optional<uint8_t> U8(uint64_t o) const { return Le<uint8_t>(o); }
  std::optional<uint16_t> U16(uint64_t o) const { return Le<uint16_t>(o); }
  std::optional<uint32_t> U32(uint64_t o) const { return Le<uint32_t>(o); }
  std::optional<uint64_t> U64(uint64_t o) const { return Le<uint64_t>(o); }

 private:
  template <std::integral T>
  std::optional<T> Le(uint64_t offset) const {
    return Peek<std::endian::little, T>(offset);
  }

  template <std::integral T>
  static T Swap(T value) {
    if constexpr (sizeof(T) == 1) return value;
    if constexpr (sizeof(T) == 2) {
      return static_cast<T>(__builtin_bswap16(static_cast<uint16_t>(value)));
    }
    if constexpr (sizeof(T) == 4) {
      return static_cast<T>(__builtin_bswap32(static_cast<uint32_t>(value)));
    }
    if constexpr (sizeof(T) == 8) {
      return static_cast<T>(__builtin_bswap64(static_cast<uint64_t>(value)));
    }
  }

  Bytes bytes_;
};

}  // namespace vitrine
