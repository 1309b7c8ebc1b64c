// SPDX-License-Identifier: Apache-2.0
#include "tlog/proof.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "tlog/limits.h"

namespace vitrine::tlog {
namespace {

// The largest power of two below `size`, which is at least 2.
uint64_t Split(uint64_t size) { return std::bit_floor(size - 1); }

Error NotShown() {
  return {Code::kDenied, "the proof does not lead to the root"};
}

Result<Proof> HashesOf(const std::vector<Range>& ranges,
                       const NodeSource& source) {
  Proof proof;
  proof.reserve(ranges.size());
  for (const Range& range : ranges) {
    proof.push_back(TRY(RangeHash(range, source)));
  }
  return proof;
}

}  // namespace

Status VerifyInclusion(const Hash& leaf, uint64_t index, uint64_t size,
                       std::span<const Hash> proof, const Hash& root) {
  if (size > kTreeSizeMax) return Error{Code::kLimit, "tree too large"};
  if (index >= size) {
    return Error{Code::kInvalid, "the tree has no entry of this index"};
  }
  // `node` and `last` are the numbers, in the level reached, of the node that
  // holds the leaf and of the level's last one.
  uint64_t node = index;
  uint64_t last = size - 1;
  Hash hash = leaf;
  for (const Hash& other : proof) {
    if (last == 0) return NotShown();  // A line too many.
    if ((node & 1) == 1 || node == last) {
      hash = NodeHash(other, hash);
      // A last node without a sibling is its own parent.
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = NodeHash(hash, other);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0 || hash != root) return NotShown();
  return Ok();
}

Status VerifyConsistency(uint64_t old_size, const Hash& old_root,
                         uint64_t new_size, const Hash& new_root,
                         std::span<const Hash> proof) {
  if (new_size > kTreeSizeMax) return Error{Code::kLimit, "tree too large"};
  if (old_size > new_size) {
    return Error{Code::kInvalid, "the newer tree is the smaller one"};
  }
  if (old_size == 0 || old_size == new_size) {
    const Hash& wanted = old_size == 0 ? EmptyRoot() : new_root;
    if (!proof.empty() || old_root != wanted) return NotShown();
    return Ok();
  }
  uint64_t node = old_size - 1;
  uint64_t last = new_size - 1;
  const int complete = std::countr_one(node);
  node >>= complete;
  last >>= complete;
  // Where the old tree is one complete subtree, its root is the first hash and
  // the proof leaves it out.
  Hash first = old_root;
  if (node != 0) {
    if (proof.empty()) return NotShown();
    first = proof.front();
    proof = proof.subspan(1);
  }
  Hash old_hash = first;
  Hash new_hash = first;
  for (const Hash& other : proof) {
    if (last == 0) return NotShown();
    if ((node & 1) == 1 || node == last) {
      old_hash = NodeHash(other, old_hash);
      new_hash = NodeHash(other, new_hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      new_hash = NodeHash(new_hash, other);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0 || old_hash != old_root || new_hash != new_root) {
    return NotShown();
  }
  return Ok();
}

std::vector<Range> InclusionRanges(uint64_t index, uint64_t size) {
  CHECK(index < size && size <= kTreeSizeMax);
  std::vector<Range> ranges;
  Range under = {0, size};
  while (under.end - under.begin > 1) {
    const uint64_t middle = under.begin + Split(under.end - under.begin);
    if (index < middle) {
      ranges.push_back({middle, under.end});
      under.end = middle;
    } else {
      ranges.push_back({under.begin, middle});
      under.begin = middle;
    }
  }
  std::reverse(ranges.begin(), ranges.end());
  return ranges;
}

std::vector<Range> ConsistencyRanges(uint64_t old_size, uint64_t new_size) {
  CHECK(old_size <= new_size && new_size <= kTreeSizeMax);
  std::vector<Range> ranges;
  if (old_size == 0) return ranges;
  Range under = {0, new_size};
  while (old_size != under.end) {
    const uint64_t middle = under.begin + Split(under.end - under.begin);
    if (old_size <= middle) {
      ranges.push_back({middle, under.end});
      under.end = middle;
    } else {
      ranges.push_back({under.begin, middle});
      under.begin = middle;
    }
  }
  // The old tree's last subtree; known to who knows the old root if it is all.
  if (under.begin != 0) ranges.push_back(under);
  std::reverse(ranges.begin(), ranges.end());
  return ranges;
}

std::vector<Node> NodesOf(const Range& range) {
  CHECK(range.begin <= range.end && range.end <= kTreeSizeMax);
  std::vector<Node> nodes;
  uint64_t begin = range.begin;
  while (begin < range.end) {
    const uint64_t width = std::bit_floor(range.end - begin);
    const auto level = static_cast<unsigned>(std::countr_zero(width));
    CHECK(begin % width == 0);  // Else it is no range of a tree.
    nodes.push_back({level, begin >> level});
    begin += width;
  }
  return nodes;
}

Result<Hash> RangeHash(const Range& range, const NodeSource& source) {
  std::vector<Hash> hashes;
  for (const Node& node : NodesOf(range)) hashes.push_back(TRY(source(node)));
  if (hashes.empty()) return EmptyRoot();
  Hash hash = hashes.back();
  for (size_t i = hashes.size() - 1; i-- > 0;) hash = NodeHash(hashes[i], hash);
  return hash;
}

Result<Proof> ProveInclusion(uint64_t index, uint64_t size,
                             const NodeSource& source) {
  if (index >= size || size > kTreeSizeMax) {
    return Error{Code::kInvalid, "the tree has no entry of this index"};
  }
  return HashesOf(InclusionRanges(index, size), source);
}

Result<Proof> ProveConsistency(uint64_t old_size, uint64_t new_size,
                               const NodeSource& source) {
  if (old_size > new_size || new_size > kTreeSizeMax) {
    return Error{Code::kInvalid, "the newer tree is the smaller one"};
  }
  return HashesOf(ConsistencyRanges(old_size, new_size), source);
}

}  // namespace vitrine::tlog
