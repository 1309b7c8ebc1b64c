// SPDX-License-Identifier: Apache-2.0
#include "publisher/site/leaf_index.h"

#include "tlog/bundle.h"
#include "tlog/limits.h"

namespace vitrine::publisher {

Result<LeafIndex> LeafIndex::Read(uint64_t size,
                                  const tlog::TileSource& source) {
  LeafIndex out;
  for (uint64_t at = 0; at < size; at += tlog::kTileWidth) {
    const tlog::Tile tile = tlog::BundleOf(at, size);
    const ByteVector bytes = TRY(source(tile));
    const auto entries = TRY(tlog::ParseBundle(bytes, tile.width));
    for (uint64_t i = 0; i < entries.size(); ++i) {
      out.Add(at + i, TRY(update::ParseLeaf(AsText(entries[i]))));
    }
  }
  return out;
}

void LeafIndex::Add(uint64_t index, const update::Leaf& leaf) {
  last_.insert_or_assign({leaf.type, leaf.role}, index);
  if (leaf.metadata) {
    files_.emplace(std::make_pair(leaf.role, leaf.metadata->sha256), index);
  }
}

std::optional<uint64_t> LeafIndex::Last(update::LeafType type,
                                        const std::string& role) const {
  const auto found = last_.find({type, role});
  if (found == last_.end()) return std::nullopt;
  return found->second;
}

std::optional<uint64_t> LeafIndex::Find(
    const std::string& role, const update::Leaf::Metadata& metadata) const {
  const auto found = files_.find({role, metadata.sha256});
  if (found == files_.end()) return std::nullopt;
  return found->second;
}

}  // namespace vitrine::publisher
