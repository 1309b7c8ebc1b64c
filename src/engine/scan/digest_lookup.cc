// SPDX-License-Identifier: Apache-2.0
#include "engine/scan/digest_lookup.h"

#include <algorithm>

#include "crypto/digest.h"

namespace vitrine::engine::scan {
namespace {

constexpr uint8_t kMd5Size = 16;

ByteVector Digest(uint8_t size, Bytes bytes) {
  const auto copy = [](const auto& digest) {
    return ByteVector(digest.begin(), digest.end());
  };
  switch (size) {
    case kMd5Size:
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

bool DigestLookup::Lists(const vdb::HashTableRecord& table, Scope scope,
                         uint64_t size) const {
  if (table.scope != static_cast<uint8_t>(scope)) return false;
  if (table.any_size != 0) return true;
  const auto sizes = database_.SizesOf(table);
  return std::binary_search(sizes.begin(), sizes.end(), size);
}

bool DigestLookup::WantsMd5(Scope scope, uint64_t size) const {
  const auto tables = database_.hash_tables();
  return std::any_of(tables.begin(), tables.end(), [&](const auto& table) {
    return table.digest_size == kMd5Size && Lists(table, scope, size);
  });
}

void DigestLookup::Find(Scope scope, Bytes bytes, uint64_t size,
                        const std::function<bool(const vdb::HashEntry&)>& found,
                        const crypto::Md5Digest* md5) const {
  for (const vdb::HashTableRecord& table : database_.hash_tables()) {
    if (!Lists(table, scope, size)) continue;
    const ByteVector digest = table.digest_size == kMd5Size && md5 != nullptr
                                  ? ByteVector(md5->begin(), md5->end())
                                  : Digest(table.digest_size, bytes);
    for (const auto& entry : database_.FindDigest(table, digest)) {
      const bool fits =
          entry.size == size || entry.size == ir::HashSignature::kAnySize;
      if (fits && !found(entry)) return;
    }
  }
}

}  // namespace vitrine::engine::scan
