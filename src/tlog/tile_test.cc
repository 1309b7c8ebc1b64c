// SPDX-License-Identifier: Apache-2.0
#include "tlog/tile.h"

#include <gtest/gtest.h>

#include "tlog/bundle.h"
#include "tlog/tail.h"
#include "tlog/test_tree.h"

namespace vitrine::tlog {
namespace {

Tile Hashes(uint8_t level, uint64_t index, uint16_t width = 256) {
  return {Tile::Kind::kHashes, level, index, width};
}
Tile Entries(uint64_t index, uint16_t width = 256) {
  return {Tile::Kind::kEntries, 0, index, width};
}

TEST(TilePath, IsAsTheSpecificationSays) {
  const std::pair<Tile, const char*> kKnown[] = {
      {Hashes(0, 0), "tile/0/000"},
      {Hashes(1, 7, 1), "tile/1/007.p/1"},
      {Hashes(7, 999, 255), "tile/7/999.p/255"},
      {Hashes(0, 1000), "tile/0/x001/000"},
      {Entries(1234067), "tile/entries/x001/x234/067"},
      {Entries(1234067, 8), "tile/entries/x001/x234/067.p/8"},
      {Hashes(0, (uint64_t{1} << 56) - 1),
       "tile/0/x072/x057/x594/x037/x927/935"},
  };
  for (const auto& [tile, path] : kKnown) {
    EXPECT_EQ(TilePath(tile), path);
    const auto parsed = ParseTilePath(path);
    ASSERT_TRUE(parsed.ok()) << path;
    EXPECT_EQ(parsed.value(), tile);
  }
}

TEST(TilePath, HasOneSpelling) {
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/0/7",
                           "tile/0/0007",
                           "tile/0/x000/007",
                           "tile/0/001/007",
                           "tile/0/x001",
                           "tile/0/x001/",
                           "tile/0/x01/007",
                           "tile/00/007",
                           "tile/8/007",
                           "tile/-1/007",
                           "tile/entry/007",
                           "/tile/0/007",
                           "tile/0/007.p/0",
                           "tile/0/007.p/256",
                           "tile/0/007.p/01",
                           "tile/0/007.p/",
                           "tile/0/007.p",
                           "tile/0/007.p/1/",
                           "tile/0/007.p/1.p/1",
                           "tile/0/ 07",
                           "tile/0/+07",
                           "tile/data/000",
                           "tile/0/x072/x057/x594/x037/x927/936",
                           "tile/0/x001/x072/x057/x594/x037/x927/936",
                           "tile//000",
                           "tile/0/000 ",
                           "tile/0/000\n",
                           "tile/0/../0/000"}) {
    EXPECT_FALSE(ParseTilePath(path).ok()) << path;
  }
}

TEST(TileOf, FindsEveryNode) {
  // The specification's example: a tree of 70,000.
  EXPECT_EQ(TileOf({0, 69'999}, 70'000), Hashes(0, 273, 112));
  EXPECT_EQ(TileOf({0, 0}, 70'000), Hashes(0, 0));
  EXPECT_EQ(TileOf({8, 272}, 70'000), Hashes(1, 1, 17));
  EXPECT_EQ(TileOf({16, 0}, 70'000), Hashes(2, 0, 1));
  EXPECT_EQ(TileOf({15, 1}, 70'000), Hashes(1, 0));
  EXPECT_EQ(TileOf({8, 0}, 256), Hashes(1, 0, 1));
}

TEST(BundleOf, FindsEveryEntry) {
  EXPECT_EQ(BundleOf(69'999, 70'000), Entries(273, 112));
  EXPECT_EQ(BundleOf(69'887, 70'000), Entries(272));
  EXPECT_EQ(BundleOf(255, 256), Entries(0));
  EXPECT_EQ(BundleOf(0, 1), Entries(0, 1));
}

TEST(Growth, ListsTheFilesOfATree) {
  // The same example: 273 full and one partial tile of 112 at level 0, one and
  // one of 17 at level 1, one of 1 at level 2.
  const auto kHash = Tile::Kind::kHashes;
  const std::vector<Growth> wanted = {{Tile::Kind::kEntries, 0, 0, 273, 112},
                                      {kHash, 0, 0, 273, 112},
                                      {kHash, 1, 0, 1, 17},
                                      {kHash, 2, 0, 0, 1}};
  EXPECT_EQ(GrowthOf(0, 70'000), wanted);
  EXPECT_EQ(GrowthOf(0, 0), std::vector<Growth>{});
  EXPECT_EQ(GrowthOf(5, 5), std::vector<Growth>{});
  const std::vector<Growth> last = {{Tile::Kind::kEntries, 0, 0, 1, 0},
                                    {kHash, 0, 0, 1, 0},
                                    {kHash, 1, 0, 0, 1}};
  EXPECT_EQ(GrowthOf(255, 256), last);
  EXPECT_EQ(GrowthOf(0, kTreeSizeMax).size(), 9u);
}

TEST(Bundle, ComesBack) {
  ByteVector bundle;
  const ByteVector longest(kEntryMax, 7);
  for (const Bytes entry : {Bytes(), AsBytes("a"), Bytes(longest)}) {
    ASSERT_TRUE(AppendToBundle(entry, bundle).ok());
  }
  const auto entries = ParseBundle(bundle, 3);
  ASSERT_TRUE(entries.ok());
  EXPECT_TRUE(entries.value()[0].empty());
  EXPECT_EQ(AsText(entries.value()[1]), "a");
  EXPECT_EQ(entries.value()[2].size(), kEntryMax);
  EXPECT_EQ(AppendToBundle(ByteVector(kEntryMax + 1), bundle).error().code,
            Code::kLimit);
  EXPECT_EQ(CutBundle(bundle, 2).value(), (ByteVector{0, 0, 0, 1, 'a'}));
}

TEST(Bundle, RefusesAllOtherBytes) {
  const ByteVector bundle = {0, 1, 'a', 0, 2, 'b', 'c'};
  ASSERT_TRUE(ParseBundle(bundle, 2).ok());
  for (size_t size = 0; size < bundle.size(); ++size) {
    EXPECT_EQ(ParseBundle(Bytes(bundle).first(size), 2).error().code,
              Code::kTruncated);
  }
  EXPECT_EQ(ParseBundle(bundle, 1).error().code, Code::kInvalid);
  EXPECT_EQ(ParseBundle(bundle, 3).error().code, Code::kTruncated);
  EXPECT_FALSE(ParseBundle({}, 0).ok());
  EXPECT_FALSE(ParseBundle(ByteVector(514), 257).ok());
}

TEST(Edge, WritesTheFilesThatTheTreeHas) {
  const auto leaves = TestLeaves(1000);
  for (const size_t step : {1u, 3u, 255u, 256u, 257u, 600u}) {
    Edge edge;
    TestFiles files;
    while (edge.size() + step <= leaves.size()) {
      const uint64_t before = edge.size();
      Grow(edge, step, files);
      ASSERT_EQ(edge.Root(), PlainHash(leaves, 0, edge.size()));
      for (const Growth& growth : GrowthOf(before, edge.size())) {
        for (uint64_t i = growth.first; i < growth.full_end; ++i) {
          EXPECT_TRUE(files.contains(
              TilePath({growth.kind, growth.level, i, kTileWidth})));
        }
        const Tile partial = {growth.kind, growth.level, growth.full_end,
                              growth.partial};
        EXPECT_EQ(files.contains(TilePath(partial)), growth.partial > 0);
      }
      const auto again = Edge::Read(edge.size(), edge.Root(), SourceOf(files));
      ASSERT_TRUE(again.ok()) << again.error().message;
      EXPECT_EQ(again.value().frontier(), edge.frontier());
    }
  }
}

TEST(Edge, GoesOnFromFilesAsFromMemory) {
  Edge edge;
  TestFiles files;
  Grow(edge, 700, files);
  auto read = Edge::Read(700, edge.Root(), SourceOf(files));
  ASSERT_TRUE(read.ok());
  TestFiles of_memory = files;
  Grow(edge, 400, of_memory);
  Grow(read.value(), 400, files);
  EXPECT_EQ(files, of_memory);
}

TEST(Edge, WritesTilesOfHigherLevels) {
  // 65,536 entries and 300: three levels of tiles.
  Edge edge;
  TestFiles files;
  Grow(edge, kAppendMax, files);
  EXPECT_TRUE(files.contains("tile/1/000"));
  EXPECT_TRUE(files.contains("tile/2/000.p/1"));
  EXPECT_FALSE(files.contains("tile/1/000.p/255"));
  Grow(edge, 300, files);
  EXPECT_TRUE(files.contains("tile/entries/256"));
  EXPECT_TRUE(files.contains("tile/0/257.p/44"));
  EXPECT_TRUE(files.contains("tile/1/001.p/1"));
  TileNodes nodes(edge.size(), SourceOf(files));
  EXPECT_EQ(RangeHash({0, edge.size()}, std::ref(nodes)).value(), edge.Root());
  for (const uint64_t index :
       {uint64_t{0}, uint64_t{65'535}, uint64_t{65'800}}) {
    const auto proof = ProveInclusion(index, edge.size(), std::ref(nodes));
    ASSERT_TRUE(proof.ok());
    const auto entry = TestEntries(index + 1).back();
    EXPECT_TRUE(VerifyInclusion(LeafHash(AsBytes(entry)), index, edge.size(),
                                proof.value(), edge.Root())
                    .ok());
  }
}

TEST(Edge, RefusesFilesOfAnotherTree) {
  Edge edge;
  TestFiles files;
  Grow(edge, 300, files);
  const auto read = [&] {
    return Edge::Read(300, edge.Root(), SourceOf(files));
  };
  ASSERT_TRUE(read().ok());
  EXPECT_FALSE(Edge::Read(300, EmptyRoot(), SourceOf(files)).ok());
  EXPECT_FALSE(Edge::Read(301, edge.Root(), SourceOf(files)).ok());
  for (const char* path :
       {"tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"}) {
    const ByteVector before = files[path];
    files[path].back() ^= 1;
    EXPECT_EQ(read().error().code, Code::kDenied) << path;
    files[path] = before;
    files[path].pop_back();
    EXPECT_FALSE(read().ok()) << path;
    files.erase(path);
    EXPECT_EQ(read().error().code, Code::kNotFound) << path;
    files[path] = before;
  }
}

TEST(Edge, IsAsItWasAfterAnError) {
  Edge edge;
  TestFiles files;
  Grow(edge, 10, files);
  const Hash root = edge.Root();
  const ByteVector long_entry(kEntryMax + 1);
  const std::vector<Bytes> entries = {AsBytes("good"), long_entry};
  EXPECT_EQ(edge.Append(entries).error().code, Code::kLimit);
  EXPECT_EQ(edge.Append(std::vector<Bytes>(kAppendMax + 1)).error().code,
            Code::kLimit);
  EXPECT_EQ(edge.Root(), root);
  EXPECT_EQ(edge.size(), 10u);
}

TEST(TileNodes, GiveTheProofsOfTheTree) {
  const auto leaves = TestLeaves(600);
  Edge edge;
  TestFiles files;
  Grow(edge, 300, files);
  Grow(edge, 300, files);
  for (const uint64_t size : {300u, 600u}) {
    TileNodes nodes(size, SourceOf(files));
    for (uint64_t index = 0; index < size; index += 17) {
      EXPECT_EQ(ProveInclusion(index, size, std::ref(nodes)).value(),
                ProveInclusion(index, size, PlainNodes(leaves)).value());
    }
    for (uint64_t old = 1; old <= size; old += 13) {
      EXPECT_EQ(ProveConsistency(old, size, std::ref(nodes)).value(),
                ProveConsistency(old, size, PlainNodes(leaves)).value());
    }
  }
  TileNodes nodes(300, SourceOf(files));
  EXPECT_FALSE(nodes({0, 300}).ok());
  EXPECT_FALSE(nodes({9, 0}).ok());
  EXPECT_FALSE(nodes({16, 0}).ok());
}

TEST(Tail, FollowsALogFromAnySize) {
  const auto leaves = TestLeaves(700);
  const auto texts = TestEntries(700);
  Edge edge;
  TestFiles files;
  Grow(edge, 700, files);
  const TileSource source = SourceOf(files);
  for (const uint64_t from : {0u, 1u, 255u, 256u, 300u, 511u, 699u, 700u}) {
    const auto known = Frontier::Read(from, PlainNodes(leaves));
    Tail tail(known.value(), 700);
    uint64_t next = from;
    while (const auto tile = tail.Next()) {
      ASSERT_TRUE(tail.Take(source(*tile).value(),
                            [&](uint64_t index, Bytes entry) {
                              EXPECT_EQ(index, next++);
                              EXPECT_EQ(AsText(entry), texts[index]);
                            })
                      .ok());
    }
    EXPECT_EQ(next, 700u);
    const auto now = tail.Finish(edge.Root());
    ASSERT_TRUE(now.ok());
    EXPECT_EQ(now.value(), edge.frontier());
    EXPECT_EQ(tail.Finish(EmptyRoot()).error().code, Code::kDenied);
  }
}

TEST(Tail, RefusesAnyOtherEntry) {
  const auto leaves = TestLeaves(300);
  Edge edge;
  TestFiles files;
  Grow(edge, 300, files);
  const auto known = Frontier::Read(260, PlainNodes(leaves)).value();
  const auto ignore = [](uint64_t, Bytes) {};
  const auto ends = [&](const ByteVector& bundle) {
    Tail tail(known, 300);
    return tail.Take(bundle, ignore).ok() && tail.Finish(edge.Root()).ok();
  };
  ByteVector bundle = files["tile/entries/001.p/44"];
  ASSERT_TRUE(ends(bundle));
  bundle.back() ^= 1;
  EXPECT_FALSE(ends(bundle));
  bundle.pop_back();
  EXPECT_FALSE(ends(bundle));
  // Not all taken, a log that became smaller, one bundle too many.
  EXPECT_FALSE(Tail(known, 300).Finish(edge.Root()).ok());
  EXPECT_FALSE(Tail(known, 200).Finish(PlainHash(leaves, 0, 200)).ok());
  EXPECT_FALSE(Tail(known, 200).Next());
  EXPECT_FALSE(Tail(known, 260).Take(bundle, ignore).ok());
}

}  // namespace
}  // namespace vitrine::tlog
