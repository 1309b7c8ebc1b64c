// SPDX-License-Identifier: Apache-2.0
#include "tlog/hash.h"

#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/text.h"

namespace vitrine::tlog {

Hash LeafHash(Bytes entry) {
  // Most entries are short, and one call costs a third of three.
  std::array<uint8_t, 4096> buffer;
  if (entry.size() < buffer.size()) {
    buffer[0] = 0;
    std::copy(entry.begin(), entry.end(), buffer.begin() + 1);
    return crypto::Sha256(Bytes(buffer).first(entry.size() + 1));
  }
  ByteVector whole(1, 0);
  whole.insert(whole.end(), entry.begin(), entry.end());
  return crypto::Sha256(whole);
}

Hash NodeHash(const Hash& left, const Hash& right) {
  std::array<uint8_t, 1 + 2 * sizeof(Hash)> buffer;
  buffer[0] = 1;
  std::copy(left.begin(), left.end(), buffer.begin() + 1);
  std::copy(right.begin(), right.end(), buffer.begin() + 1 + sizeof(Hash));
  return crypto::Sha256(buffer);
}

Hash EmptyRoot() { return crypto::Sha256({}); }

std::string HashText(const Hash& hash) { return ToBase64(hash); }

std::optional<Hash> ParseHash(std::string_view text) {
  constexpr size_t kTextSize = 44;
  if (text.size() != kTextSize) return std::nullopt;
  const auto bytes = FromBase64(text);
  Hash hash;
  if (!bytes || bytes->size() != hash.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), hash.begin());
  return hash;
}

std::optional<uint64_t> ParseNumber(std::string_view text) {
  if (text.size() > 1 && text[0] == '0') return std::nullopt;
  return ParseDecimal(text);
}

}  // namespace vitrine::tlog
