// SPDX-License-Identifier: Apache-2.0
#include "crypto/der.h"

namespace vitrine::crypto {
namespace {

// No identifier in use has arcs of more than 64 bits or more than 32 of them.
constexpr size_t kOidSizeMax = 64;

}  // namespace

std::optional<DerValue> DerReader::Next() {
  if (rest_.size() < 2 || (rest_[0] & 0x1f) == 0x1f) return std::nullopt;
  uint64_t size = rest_[1];
  uint64_t header = 2;
  if (size >= 0x80) {
    const uint64_t count = size & 0x7f;
    if (count == 0 || count > 4 || rest_.size() < 2 + count) {
      return std::nullopt;
    }
    size = 0;
    for (uint64_t i = 0; i < count; ++i) size = size << 8 | rest_[2 + i];
    header += count;
  }
  if (size > rest_.size() - header) return std::nullopt;
  const DerValue value{rest_[0], rest_.subspan(header, size),
                       rest_.first(header + size)};
  rest_ = rest_.subspan(header + size);
  return value;
}

std::optional<DerValue> DerReader::Next(DerTag tag) {
  if (rest_.empty() || rest_[0] != static_cast<uint8_t>(tag)) {
    return std::nullopt;
  }
  return Next();
}

std::string OidText(Bytes content) {
  if (content.empty() || content.size() > kOidSizeMax ||
      (content.back() & 0x80) != 0) {
    return {};
  }
  std::string text;
  uint64_t arc = 0;
  for (const uint8_t byte : content) {
    if (arc >> 57 != 0) return {};
    arc = arc << 7 | (byte & 0x7f);
    if ((byte & 0x80) != 0) continue;
    if (text.empty()) {
      const uint64_t first = arc < 80 ? arc / 40 : 2;
      text = std::to_string(first);
      arc -= first * 40;
    }
    text += '.';
    text += std::to_string(arc);
    arc = 0;
  }
  return text;
}

}  // namespace vitrine::crypto
