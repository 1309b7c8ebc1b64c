// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "base/result.h"
#include "tlog/hash.h"

// Inclusion and consistency proofs (RFC 6962, 2.1.1 and 2.1.2).
namespace vitrine::tlog {

using Proof = std::vector<Hash>;

// Whether the leaf is entry `index` of the tree of `size` entries with `root`.
// kDenied where the proof does not show that; kInvalid where there can be no
// such proof.
Status VerifyInclusion(const Hash& leaf, uint64_t index, uint64_t size,
                       std::span<const Hash> proof, const Hash& root);

// Whether the tree of `new_size` begins with all of the tree of `old_size`. Of
// an empty tree and of one with itself the proof is empty.
Status VerifyConsistency(uint64_t old_size, const Hash& old_root,
                         uint64_t new_size, const Hash& new_root,
                         std::span<const Hash> proof);

// What those proofs consist of: the ranges whose hashes are their lines, in
// order. `index` < `size` and `old_size` <= `new_size` <= kTreeSizeMax.
std::vector<Range> InclusionRanges(uint64_t index, uint64_t size);
std::vector<Range> ConsistencyRanges(uint64_t old_size, uint64_t new_size);

// The complete subtrees that make up a range, from left to right.
std::vector<Node> NodesOf(const Range& range);

// Gives the hash of a complete subtree of the tree.
using NodeSource = std::function<Result<Hash>(const Node&)>;

// The hash of a range; of [0, size) the root. Nothing is proven by it: whoever
// does not trust the source verifies what it is used for.
Result<Hash> RangeHash(const Range& range, const NodeSource& source);

// The proofs, made. kInvalid where there can be none.
Result<Proof> ProveInclusion(uint64_t index, uint64_t size,
                             const NodeSource& source);
Result<Proof> ProveConsistency(uint64_t old_size, uint64_t new_size,
                               const NodeSource& source);

}  // namespace vitrine::tlog
