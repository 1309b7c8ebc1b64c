// SPDX-License-Identifier: Apache-2.0
#include "publisher/log/log_files.h"

#include <algorithm>

#include "base/read_file.h"
#include "publisher/log/limits.h"
#include "tlog/bundle.h"
#include "tlog/limits.h"

namespace vitrine::publisher {

using tlog::kTileWidth;
using tlog::Tile;

tlog::TileSource TilesIn(const std::string& folder) {
  return tlog::TilesBy([folder](const std::string& path, uint64_t most) {
    return ReadFile(folder + "/" + path, most);
  });
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
  const Tile tile = tlog::BundleOf(index, size);
  const ByteVector bytes = TRY(source(tile));
  const auto entries = TRY(tlog::ParseBundle(bytes, tile.width));
  const Bytes entry = entries[index % kTileWidth];
  return ByteVector(entry.begin(), entry.end());
}

std::string ProofPath(uint64_t index) {
  return "proof/" + std::to_string(index);
}

uint64_t FirstUnproven(const std::string& folder, uint64_t size) {
  while (size > 0 &&
         !ReadFile(folder + "/" + ProofPath(size - 1), tlog::kProofFileBytesMax)
              .ok()) {
    --size;
  }
  return size;
}

}  // namespace vitrine::publisher
