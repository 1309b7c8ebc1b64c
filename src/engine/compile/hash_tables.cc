// SPDX-License-Identifier: Apache-2.0
#include "engine/compile/hash_tables.h"

#include <algorithm>
#include <map>
#include <utility>

namespace vitrine::engine::compile {
namespace {

using Signatures = std::vector<const ir::HashSignature*>;

void LayTable(uint8_t scope, uint8_t digest_size, Signatures signatures,
              StringPool& strings, HashTables& out) {
  std::stable_sort(
      signatures.begin(), signatures.end(),
      [](const auto* a, const auto* b) { return a->digest < b->digest; });
  vdb::HashTableRecord table = {};
  table.scope = scope;
  table.digest_size = digest_size;
  table.digests = out.digests.size();
  table.entries = {static_cast<uint32_t>(out.entries.size()),
                   static_cast<uint32_t>(signatures.size())};
  std::vector<uint64_t> sizes;
  for (const ir::HashSignature* signature : signatures) {
    out.digests.insert(out.digests.end(), signature->digest.begin(),
                       signature->digest.end());
    out.entries.push_back({signature->size, strings.Add(signature->name),
                           signature->source.file, signature->source.line});
    if (signature->size == ir::HashSignature::kAnySize) {
      table.any_size = 1;
    } else {
      sizes.push_back(signature->size);
    }
  }
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  table.sizes = {static_cast<uint32_t>(out.sizes.size()),
                 static_cast<uint32_t>(sizes.size())};
  out.sizes.insert(out.sizes.end(), sizes.begin(), sizes.end());
  out.tables.push_back(table);
}

}  // namespace

HashTables LayHashTables(const std::vector<ir::HashSignature>& signatures,
                         StringPool& strings) {
  std::map<std::pair<uint8_t, uint8_t>, Signatures> by_table;
  for (const ir::HashSignature& signature : signatures) {
    by_table[{static_cast<uint8_t>(signature.scope),
              static_cast<uint8_t>(signature.digest.size())}]
        .push_back(&signature);
  }
  HashTables out;
  for (auto& [key, list] : by_table) {
    LayTable(key.first, key.second, std::move(list), strings, out);
  }
  return out;
}

}  // namespace vitrine::engine::compile
