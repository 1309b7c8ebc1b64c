// SPDX-License-Identifier: Apache-2.0
#include "tlog/edge.h"

#include <algorithm>
#include <utility>

#include "tlog/bundle.h"
#include "tlog/limits.h"

namespace vitrine::tlog {
namespace {

Error OtherTree() {
  return {Code::kDenied, "the files are not those of the signed tree"};
}

// Bundles before tiles, lower levels before higher ones, then by index.
bool Before(const TileFile& a, const TileFile& b) {
  const bool a_hashes = a.tile.kind == Tile::Kind::kHashes;
  const bool b_hashes = b.tile.kind == Tile::Kind::kHashes;
  if (a_hashes != b_hashes) return b_hashes;
  if (a.tile.level != b.tile.level) return a.tile.level < b.tile.level;
  return a.tile.index < b.tile.index;
}

}  // namespace

Result<Edge> Edge::Read(uint64_t size, const Hash& root,
                        const TileSource& source) {
  if (size > kTreeSizeMax) return Error{Code::kLimit, "tree too large"};
  Edge edge;
  edge.size_ = size;
  for (unsigned level = 0; level < kTileLevels; ++level) {
    Tile tile;
    tile.level = static_cast<uint8_t>(level);
    tile.index = size >> (8 * level) >> 8;
    tile.width = static_cast<uint16_t>((size >> (8 * level)) % kTileWidth);
    if (tile.width == 0) continue;
    const ByteVector bytes = TRY(source(tile));
    edge.hashes_[level] = TRY(ParseTile(tile, bytes));
  }
  edge.frontier_ = TRY(Frontier::Read(size, [&](const Node& node) {
    // The nodes of a frontier are all in its partial tiles.
    return HashFromTile(TileOf(node, size), edge.hashes_[node.level / 8], node);
  }));
  if (edge.Root() != root) return OtherTree();
  if (edge.hashes_[0].empty()) return edge;
  Tile tile;
  tile.kind = Tile::Kind::kEntries;
  tile.index = size / kTileWidth;
  tile.width = static_cast<uint16_t>(edge.hashes_[0].size());
  edge.bundle_ = TRY(source(tile));
  const auto entries = TRY(ParseBundle(edge.bundle_, tile.width));
  for (size_t i = 0; i < entries.size(); ++i) {
    if (LeafHash(entries[i]) != edge.hashes_[0][i]) return OtherTree();
  }
  return edge;
}

void Edge::AddHash(const Hash& hash, unsigned level,
                   std::vector<TileFile>& full) {
  Hash up = hash;
  for (; level < kTileLevels; ++level) {
    std::vector<Hash>& row = hashes_[level];
    row.push_back(up);
    if (row.size() < kTileWidth) return;
    Tile tile;
    tile.level = static_cast<uint8_t>(level);
    tile.index = (size_ - 1) >> (8 * level) >> 8;
    full.push_back({tile, FormatTile(row)});
    for (; row.size() > 1; row.resize(row.size() / 2)) {
      for (size_t i = 0; i < row.size() / 2; ++i) {
        row[i] = NodeHash(row[2 * i], row[2 * i + 1]);
      }
    }
    up = row[0];
    row.clear();
  }
}

Status Edge::Add(Bytes entry, std::vector<TileFile>& full) {
  TRY(AppendToBundle(entry, bundle_));
  const Hash leaf = LeafHash(entry);
  TRY(frontier_.Append(leaf));
  ++size_;
  if (size_ % kTileWidth == 0) {
    Tile tile;
    tile.kind = Tile::Kind::kEntries;
    tile.index = (size_ - 1) / kTileWidth;
    full.push_back({tile, std::exchange(bundle_, {})});
  }
  AddHash(leaf, 0, full);
  return Ok();
}

Result<std::vector<TileFile>> Edge::Append(std::span<const Bytes> entries) {
  if (entries.size() > kAppendMax) {
    return Error{Code::kLimit, "too many entries at one time"};
  }
  Edge next = *this;
  std::vector<TileFile> files;
  for (const Bytes entry : entries) TRY(next.Add(entry, files));
  for (const Growth& growth : GrowthOf(size_, next.size_)) {
    if (growth.partial == 0) continue;
    const Tile tile = {growth.kind, growth.level, growth.full_end,
                       growth.partial};
    files.push_back({tile, growth.kind == Tile::Kind::kEntries
                               ? next.bundle_
                               : FormatTile(next.hashes_[growth.level])});
  }
  std::stable_sort(files.begin(), files.end(), Before);
  *this = std::move(next);
  return files;
}

}  // namespace vitrine::tlog
