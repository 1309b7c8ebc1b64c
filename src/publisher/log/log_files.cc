// SPDX-License-Identifier: Apache-2.0
#include "publisher/log/log_files.h"

#include <algorithm>

#include "base/read_file.h"
#include "publisher/files/durable_files.h"
#include "publisher/log/limits.h"
#include "tlog/bundle.h"

namespace vitrine::publisher {

using tlog::kTileWidth;
using tlog::Tile;

tlog::TileSource TilesIn(const std::string& folder) {
  return [folder](const Tile& tile) -> Result<ByteVector> {
    auto bytes = ReadFile(folder + "/" + TilePath(tile), tlog::kBundleBytesMax);
    if (bytes.ok() || tile.full() || bytes.error().code != Code::kNotFound) {
      return bytes;
    }
    Tile full = tile;
    full.width = kTileWidth;
    const ByteVector whole =
        TRY(ReadFile(folder + "/" + TilePath(full), tlog::kBundleBytesMax));
    return tlog::CutTile(tile, whole);
  };
}

Result<std::vector<tlog::Hash>> LeafHashes(uint64_t size,
                                           const tlog::TileSource& source) {
  if (size > kLogEntriesMax) {
    return Error{Code::kLimit, "a log of too many entries"};
  }
  std::vector<tlog::Hash> out;
  for (Tile tile; out.size() < size; ++tile.index) {
    tile.width = static_cast<uint16_t>(
        std::min<uint64_t>(kTileWidth, size - out.size()));
    const ByteVector bytes = TRY(source(tile));
    const auto hashes = TRY(tlog::ParseTile(tile, bytes));
    out.insert(out.end(), hashes.begin(), hashes.end());
  }
  return out;
}

Result<ByteVector> ReadEntry(uint64_t index, uint64_t size,
                             const tlog::TileSource& source) {
  if (index >= size) return Error{Code::kNotFound, "the log has no such entry"};
  Tile tile;
  tile.kind = Tile::Kind::kEntries;
  tile.index = index / kTileWidth;
  tile.width = static_cast<uint16_t>(
      std::min<uint64_t>(kTileWidth, size - tile.index * kTileWidth));
  const ByteVector bytes = TRY(source(tile));
  const auto entries = TRY(tlog::ParseBundle(bytes, tile.width));
  const Bytes entry = entries[index % kTileWidth];
  return ByteVector(entry.begin(), entry.end());
}

std::string ProofPath(uint64_t index) {
  return "proof/" + std::to_string(index);
}

}  // namespace vitrine::publisher
