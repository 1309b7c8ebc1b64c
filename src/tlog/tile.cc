// SPDX-License-Identifier: Apache-2.0
#include "tlog/tile.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "tlog/bundle.h"

namespace vitrine::tlog {
namespace {

constexpr unsigned kTileHeight = 8;
constexpr uint64_t kTileIndexEnd = uint64_t{1} << 56;

Error NoTile() { return {Code::kInvalid, "no path of a tile"}; }

// "x001/x234/067"
std::string IndexPath(uint64_t index) {
  std::string path;
  for (bool last = true; last || index > 0; last = false, index /= 1000) {
    std::string group = std::to_string(index % 1000);
    group.insert(0, 3 - group.size(), '0');
    path.insert(0, last ? group : "x" + group + "/");
  }
  return path;
}

std::optional<uint64_t> ParseIndexPath(std::string_view path) {
  uint64_t index = 0;
  // Six groups of three digits hold all that is below 2^56.
  constexpr size_t kGroupsMax = 6;
  const auto groups = Split(path, '/');
  if (groups.size() > kGroupsMax) return std::nullopt;
  for (size_t i = 0; i < groups.size(); ++i) {
    std::string_view group = groups[i];
    if (i + 1 < groups.size()) {
      if (!group.starts_with('x') || (i == 0 && group == "x000")) {
        return std::nullopt;
      }
      group.remove_prefix(1);
    }
    if (group.size() != 3) return std::nullopt;
    const auto value = ParseDecimal(group);
    if (!value) return std::nullopt;
    index = index * 1000 + *value;
  }
  if (index >= kTileIndexEnd) return std::nullopt;
  return index;
}

uint64_t HashesOfLevel(uint64_t size, unsigned level) {
  return size >> (kTileHeight * level);
}

}  // namespace

std::string TilePath(const Tile& tile) {
  std::string path = "tile/";
  path += tile.kind == Tile::Kind::kEntries ? "entries"
                                            : std::to_string(tile.level);
  path += "/" + IndexPath(tile.index);
  if (!tile.full()) path += ".p/" + std::to_string(tile.width);
  return path;
}

Result<Tile> ParseTilePath(std::string_view path) {
  constexpr std::string_view kPrefix = "tile/";
  constexpr std::string_view kPartial = ".p/";
  if (!path.starts_with(kPrefix)) return NoTile();
  path.remove_prefix(kPrefix.size());
  const size_t slash = path.find('/');
  if (slash == path.npos) return NoTile();
  Tile tile;
  if (path.substr(0, slash) == "entries") {
    tile.kind = Tile::Kind::kEntries;
  } else {
    const auto level = ParseNumber(path.substr(0, slash));
    if (!level || *level >= kTileLevels) return NoTile();
    tile.level = static_cast<uint8_t>(*level);
  }
  path.remove_prefix(slash + 1);
  if (const size_t at = path.find(kPartial); at != path.npos) {
    const auto width = ParseNumber(path.substr(at + kPartial.size()));
    if (!width || *width == 0 || *width >= kTileWidth) return NoTile();
    tile.width = static_cast<uint16_t>(*width);
    path = path.substr(0, at);
  }
  const auto index = ParseIndexPath(path);
  if (!index) return NoTile();
  tile.index = *index;
  return tile;
}

Tile TileOf(const Node& node, uint64_t size) {
  const unsigned level = node.level / kTileHeight;
  const unsigned height = node.level % kTileHeight;
  CHECK(level < kTileLevels && size <= kTreeSizeMax);
  Tile tile;
  tile.level = static_cast<uint8_t>(level);
  tile.index = node.index >> (kTileHeight - height);
  const uint64_t hashes = HashesOfLevel(size, level);
  if (tile.index >= hashes / kTileWidth) {
    tile.width = static_cast<uint16_t>(hashes % kTileWidth);
  }
  return tile;
}

Tile BundleOf(uint64_t index, uint64_t size) {
  CHECK(index < size);
  Tile tile;
  tile.kind = Tile::Kind::kEntries;
  tile.index = index / kTileWidth;
  tile.width = static_cast<uint16_t>(
      std::min<uint64_t>(kTileWidth, size - tile.index * kTileWidth));
  return tile;
}

Result<std::vector<Hash>> ParseTile(const Tile& tile, Bytes bytes) {
  if (tile.kind != Tile::Kind::kHashes || tile.width == 0 ||
      tile.width > kTileWidth || bytes.size() != tile.width * sizeof(Hash)) {
    return Error{Code::kInvalid, "a tile of another size than its width"};
  }
  std::vector<Hash> hashes(tile.width);
  for (size_t i = 0; i < hashes.size(); ++i) {
    const Bytes hash = bytes.subspan(i * sizeof(Hash), sizeof(Hash));
    std::copy(hash.begin(), hash.end(), hashes[i].begin());
  }
  return hashes;
}

ByteVector FormatTile(const std::vector<Hash>& hashes) {
  ByteVector bytes;
  bytes.reserve(hashes.size() * sizeof(Hash));
  for (const Hash& hash : hashes) {
    bytes.insert(bytes.end(), hash.begin(), hash.end());
  }
  return bytes;
}

Result<Hash> HashFromTile(const Tile& tile, const std::vector<Hash>& hashes,
                          const Node& node) {
  const unsigned height = node.level % kTileHeight;
  const uint64_t width = uint64_t{1} << height;
  const uint64_t first = node.index % (kTileWidth >> height) * width;
  if (tile.kind != Tile::Kind::kHashes ||
      node.level / kTileHeight != tile.level ||
      node.index >> (kTileHeight - height) != tile.index ||
      first + width > hashes.size()) {
    return Error{Code::kInvalid, "the tile does not hold this node"};
  }
  std::vector<Hash> row(hashes.begin() + static_cast<ptrdiff_t>(first),
                        hashes.begin() + static_cast<ptrdiff_t>(first + width));
  for (; row.size() > 1; row.resize(row.size() / 2)) {
    for (size_t i = 0; i < row.size() / 2; ++i) {
      row[i] = NodeHash(row[2 * i], row[2 * i + 1]);
    }
  }
  return row[0];
}

std::vector<Growth> GrowthOf(uint64_t old_size, uint64_t new_size) {
  CHECK(old_size <= new_size && new_size <= kTreeSizeMax);
  std::vector<Growth> all;
  const auto add = [&](Tile::Kind kind, unsigned level) {
    const uint64_t before = HashesOfLevel(old_size, level);
    const uint64_t now = HashesOfLevel(new_size, level);
    if (before == now) return;
    all.push_back({kind, static_cast<uint8_t>(level), before / kTileWidth,
                   now / kTileWidth, static_cast<uint16_t>(now % kTileWidth)});
  };
  add(Tile::Kind::kEntries, 0);
  for (unsigned level = 0; level < kTileLevels; ++level) {
    add(Tile::Kind::kHashes, level);
  }
  return all;
}

Result<ByteVector> CutTile(const Tile& partial, Bytes full) {
  if (partial.kind == Tile::Kind::kEntries) {
    return CutBundle(full, partial.width);
  }
  if (full.size() != kTileWidth * sizeof(Hash)) {
    return Error{Code::kInvalid, "a tile of another size than its width"};
  }
  const Bytes cut = full.first(partial.width * sizeof(Hash));
  return ByteVector(cut.begin(), cut.end());
}

TileSource TilesBy(FetchFile fetch) {
  return [fetch = std::move(fetch)](const Tile& tile) -> Result<ByteVector> {
    const size_t most = tile.kind == Tile::Kind::kEntries
                            ? kBundleBytesMax
                            : kTileWidth * sizeof(Hash);
    auto bytes = fetch(TilePath(tile), most);
    if (bytes.ok() || tile.full() || bytes.error().code != Code::kNotFound) {
      return bytes;
    }
    Tile full = tile;
    full.width = kTileWidth;
    const ByteVector whole = TRY(fetch(TilePath(full), most));
    return CutTile(tile, whole);
  };
}

Result<Hash> TileNodes::operator()(const Node& node) {
  const Tile tile = TileOf(node, size_);
  auto at = tiles_.find(tile);
  if (at == tiles_.end()) {
    if (tile.width == 0) {
      return Error{Code::kInvalid, "the tree does not have this node"};
    }
    const ByteVector bytes = TRY(source_(tile));
    at = tiles_.emplace(tile, TRY(ParseTile(tile, bytes))).first;
  }
  return HashFromTile(tile, at->second, node);
}

}  // namespace vitrine::tlog
