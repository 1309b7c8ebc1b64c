// SPDX-License-Identifier: Apache-2.0
#include "engine/scan/digest_lookup.h"

#include <algorithm>

#include "crypto/digest.h"

namespace vitrine::engine::scan {
namespace {

ByteVector Digest(uint8_t size, Bytes bytes) {
  const auto copy = [](const auto& digest) {
    return ByteVector(digest.begin(), digest.end());
  };
  switch (size) {
    case 16:
      return copy(crypto::Md5(bytes));
    case 20:
      return copy(crypto::Sha1(bytes));
    default:
      return copy(crypto::Sha256(bytes));
  }
}

}  // namespace

DigestLookup::DigestLookup(const vdb::Database& database)
    : database_(database) {}

bool DigestLookup::Has(Scope scope) const {
  const auto tables = database_.hash_tables();
  return std::any_of(tables.begin(), tables.end(), [&](const auto& table) {
    return table.scope == static_cast<uint8_t>(scope);
  });
}

void DigestLookup::Find(
    Scope scope, Bytes bytes, uint64_t size,
    const std::function<bool(const vdb::HashEntry&)>& found) const {
  for (const vdb::HashTableRecord& table : database_.hash_tables()) {
    if (table.scope != static_cast<uint8_t>(scope)) continue;
    const auto sizes = database_.SizesOf(table);
    if (table.any_size == 0 &&
        !std::binary_search(sizes.begin(), sizes.end(), size)) {
      continue;
    }
    const ByteVector digest = Digest(table.digest_size, bytes);
    for (const auto& entry : database_.FindDigest(table, digest)) {
      const bool fits =
          entry.size == size || entry.size == ir::HashSignature::kAnySize;
      if (fits && !found(entry)) return;
    }
  }
}

}  // namespace vitrine::engine::scan
