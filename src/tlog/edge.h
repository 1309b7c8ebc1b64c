// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "tlog/frontier.h"
#include "tlog/tile.h"

// Writing a log: the right edge of its files, and what each append adds.
namespace vitrine::tlog {

// A file to write. Files are never changed: one that is there already, from an
// append that was cut short, is replaced by bytes that no checkpoint
// contradicts.
struct TileFile {
  Tile tile;
  ByteVector bytes;
};

// The partial tiles of a tree and its partial bundle: with its size all that
// appending needs. A value; thread-compatible.
class Edge {
 public:
  Edge() = default;  // Of an empty tree.

  // As the files have it. kDenied if they are not those of the tree of `size`
  // with `root`: the tiles make the root, and the bundle's entries its tile.
  static Result<Edge> Read(uint64_t size, const Hash& root,
                           const TileSource& source);

  uint64_t size() const { return size_; }
  Hash Root() const { return frontier_.Root(); }
  const Frontier& frontier() const { return frontier_; }

  // Appends entries and gives the files that the larger tree has and this one
  // had not: bundles, then tiles level by level, as GrowthOf() lists them. They
  // must be on the disk before a checkpoint of the new root is signed; in which
  // order does not matter. On an error (kLimit: an entry too long, too many of
  // them, a tree too large) the edge is as it was.
  Result<std::vector<TileFile>> Append(std::span<const Bytes> entries);

 private:
  Status Add(Bytes entry, std::vector<TileFile>& full);
  void AddHash(const Hash& hash, unsigned level, std::vector<TileFile>& full);

  uint64_t size_ = 0;
  Frontier frontier_;
  std::array<std::vector<Hash>, kTileLevels> hashes_;
  ByteVector bundle_;
};

}  // namespace vitrine::tlog
