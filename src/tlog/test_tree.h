// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "tlog/edge.h"
#include "tlog/hash.h"
#include "tlog/proof.h"

// Trees for tests, by the words of RFC 6962: slow and plain.
namespace vitrine::tlog {

inline std::vector<std::string> TestEntries(size_t count) {
  std::vector<std::string> entries;
  for (size_t i = 0; i < count; ++i) {
    entries.push_back("entry-" + std::to_string(i) + "\n");
  }
  return entries;
}

inline std::vector<Hash> TestLeaves(size_t count) {
  std::vector<Hash> leaves;
  for (const std::string& entry : TestEntries(count)) {
    leaves.push_back(LeafHash(AsBytes(entry)));
  }
  return leaves;
}

// MTH(D[begin:end])
inline Hash PlainHash(const std::vector<Hash>& leaves, uint64_t begin,
                      uint64_t end) {
  if (begin == end) return EmptyRoot();
  if (end - begin == 1) return leaves[begin];
  uint64_t split = 1;
  while (split * 2 < end - begin) split *= 2;
  return NodeHash(PlainHash(leaves, begin, begin + split),
                  PlainHash(leaves, begin + split, end));
}

inline NodeSource PlainNodes(const std::vector<Hash>& leaves) {
  return [&leaves](const Node& node) -> Result<Hash> {
    const uint64_t begin = node.index << node.level;
    const uint64_t end = begin + (uint64_t{1} << node.level);
    if (end > leaves.size()) return Error{Code::kNotFound, "no such node"};
    return PlainHash(leaves, begin, end);
  };
}

// A folder of files by their paths, as a web server has it.
using TestFiles = std::map<std::string, ByteVector>;

inline TileSource SourceOf(const TestFiles& files) {
  return [&files](const Tile& tile) -> Result<ByteVector> {
    const auto at = files.find(TilePath(tile));
    if (at != files.end()) return at->second;
    Tile full = tile;
    full.width = kTileWidth;
    const auto whole = files.find(TilePath(full));
    if (whole == files.end()) return Error{Code::kNotFound, TilePath(tile)};
    return CutTile(tile, whole->second);
  };
}

// Appends `count` entries more to the log in `files`.
inline void Grow(Edge& edge, size_t count, TestFiles& files) {
  const auto all = TestEntries(edge.size() + count);
  std::vector<Bytes> entries;
  for (size_t i = edge.size(); i < all.size(); ++i) {
    entries.push_back(AsBytes(all[i]));
  }
  auto written = edge.Append(entries);
  CHECK(written.ok());
  for (TileFile& file : written.value()) {
    files[TilePath(file.tile)] = std::move(file.bytes);
  }
}

}  // namespace vitrine::tlog
