// SPDX-License-Identifier: Apache-2.0
// Trees, their tiles and proofs, of sizes and places that the input says: what
// is proven verifies, and with any byte changed does not.
#include "tlog/tail.h"
#include "tlog/test_tree.h"

namespace {

using namespace vitrine::tlog;  // NOLINT(google-build-using-namespace)

void Expect(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 7) return 0;
  const auto two = [&](size_t at) {
    return data[at] + 256 * (data[at + 1] % 3);
  };
  const auto now = static_cast<uint64_t>(two(0)) + 1;
  const uint64_t old = static_cast<uint64_t>(two(2)) % (now + 1);
  const uint64_t index = static_cast<uint64_t>(two(4)) % now;
  Edge edge;
  TestFiles files;
  Grow(edge, old, files);
  const Edge before = edge;
  Grow(edge, now - old, files);
  TileNodes nodes(now, SourceOf(files));
  const Hash leaf = LeafHash(vitrine::AsBytes(TestEntries(index + 1).back()));
  Proof inclusion = ProveInclusion(index, now, std::ref(nodes)).value();
  Proof consistency = ProveConsistency(old, now, std::ref(nodes)).value();
  const auto included = [&] {
    return VerifyInclusion(leaf, index, now, inclusion, edge.Root()).ok();
  };
  const auto consistent = [&] {
    return VerifyConsistency(old, before.Root(), now, edge.Root(), consistency)
        .ok();
  };
  Expect(included() && consistent());
  Tail tail(before.frontier(), now);
  while (const auto tile = tail.Next()) {
    Expect(tail.Take(SourceOf(files)(*tile).value(),
                     [](uint64_t, vitrine::Bytes) {})
               .ok());
  }
  Expect(tail.Finish(edge.Root()).ok());
  for (Proof* proof : {&inclusion, &consistency}) {
    if (proof->empty()) continue;
    Hash& hash = (*proof)[data[6] % proof->size()];
    hash[data[6] % hash.size()] ^= 1;
  }
  Expect(inclusion.empty() || !included());
  Expect(consistency.empty() || !consistent());
  return 0;
}
