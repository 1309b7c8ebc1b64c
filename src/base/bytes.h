// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace vitrine {

// Bytes that somebody else owns. Half-open, like every range here.
using Bytes = std::span<const uint8_t>;

// Bytes of our own.
using ByteVector = std::vector<uint8_t>;

inline Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

inline std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// [offset, offset + size) of `bytes`, cut at its end. Never out of range.
inline Bytes Clip(Bytes bytes, uint64_t offset, uint64_t size) {
  if (offset >= bytes.size()) return {};
  const uint64_t left = bytes.size() - offset;
  return bytes.subspan(offset, size < left ? size : left);
}

}  // namespace vitrine
