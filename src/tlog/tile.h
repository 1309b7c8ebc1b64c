// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "tlog/hash.h"
#include "tlog/limits.h"
#include "tlog/proof.h"

// A tree as static files (C2SP tlog-tiles): 256 hashes, or 256 entries, a file.
namespace vitrine::tlog {

// One of those files: the hashes of level `level` (of nodes whose own level is
// 8 * `level`), or entries, from `index` * 256 on.
struct Tile {
  enum class Kind : uint8_t { kHashes, kEntries };
  Kind kind = Kind::kHashes;
  uint8_t level = 0;     // Below kTileLevels; 0 for entries.
  uint64_t index = 0;    // Below 2^56.
  uint16_t width = 256;  // 1..256; less than 256 is a partial tile.

  bool full() const { return width == kTileWidth; }
  bool operator==(const Tile&) const = default;
  auto operator<=>(const Tile&) const = default;
};

// "tile/0/x001/x234/067.p/8", "tile/entries/000".
std::string TilePath(const Tile& tile);

// The tile whose path it is, in its one spelling. kInvalid for anything else.
Result<Tile> ParseTilePath(std::string_view path);

// The tile of the tree of `size` that holds the node's hash, or the hashes
// below it.
Tile TileOf(const Node& node, uint64_t size);

// The bundle of the tree of `size` that holds entry `index`, which is below it.
Tile BundleOf(uint64_t index, uint64_t size);

// The hashes of a tile's file, which has exactly those bytes.
Result<std::vector<Hash>> ParseTile(const Tile& tile, Bytes bytes);
ByteVector FormatTile(const std::vector<Hash>& hashes);

// The hash of `node` out of the hashes of TileOf(node, any size). kInvalid if
// it is not under them.
Result<Hash> HashFromTile(const Tile& tile, const std::vector<Hash>& hashes,
                          const Node& node);

// The files of one level that a tree has and its smaller self had not: full
// tiles [first, full_end), then a partial one of `partial` hashes if not 0.
struct Growth {
  Tile::Kind kind = Tile::Kind::kHashes;
  uint8_t level = 0;
  uint64_t first = 0;
  uint64_t full_end = 0;
  uint16_t partial = 0;
  bool operator==(const Growth&) const = default;
};

// Entries first, then level by level; levels where nothing is new are left out.
// From 0: all files of a tree.
std::vector<Growth> GrowthOf(uint64_t old_size, uint64_t new_size);

// Gives a tile's bytes: exactly that one's, so that for a partial tile that is
// gone it gives the beginning of the full one.
using TileSource = std::function<Result<ByteVector>(const Tile&)>;

// The beginning of a full tile's or bundle's bytes, as the partial one of
// `width` has it.
Result<ByteVector> CutTile(const Tile& partial, Bytes full);

// That, of a log whose files are had by their paths in it. `most`: the bytes
// that such a file has at the most.
using FetchFile =
    std::function<Result<ByteVector>(const std::string& path, uint64_t most)>;
TileSource TilesBy(FetchFile fetch);

// Nodes read from the tiles of the tree of `size`; each tile is asked for once
// and kept: a proof takes at most two a level. Not thread-safe. What it gives
// is as good as the source; proofs made of it are for verifying.
class TileNodes {
 public:
  TileNodes(uint64_t size, TileSource source)
      : size_(size), source_(std::move(source)) {}

  Result<Hash> operator()(const Node& node);

 private:
  uint64_t size_;
  TileSource source_;
  std::map<Tile, std::vector<Hash>> tiles_;
};

}  // namespace vitrine::tlog
