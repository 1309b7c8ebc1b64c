// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "tlog/proof.h"

namespace vitrine::tlog {

// The compact range [0, size): of a tree the hashes of the complete subtrees
// that make it up, from left to right. All that must be kept to append to a
// tree, or to follow one: at most 62 hashes. A value; thread-compatible.
class Frontier {
 public:
  Frontier() = default;

  // kInvalid unless there are as many hashes as `size` has bits set. Whether
  // they are those of a tree shows in Root().
  static Result<Frontier> From(uint64_t size, std::span<const Hash> hashes);

  // As stored, or as tiles give it; compare Root() with what was signed.
  static Result<Frontier> Read(uint64_t size, const NodeSource& source);

  uint64_t size() const { return size_; }
  const std::vector<Hash>& hashes() const { return hashes_; }

  // kLimit at kTreeSizeMax entries.
  Status Append(const Hash& leaf);
  Hash Root() const;

  bool operator==(const Frontier&) const = default;

 private:
  uint64_t size_ = 0;
  std::vector<Hash> hashes_;
};

}  // namespace vitrine::tlog
