// SPDX-License-Identifier: Apache-2.0
#include "tlog/frontier.h"

#include <bit>

#include "tlog/limits.h"

namespace vitrine::tlog {

Result<Frontier> Frontier::From(uint64_t size, std::span<const Hash> hashes) {
  if (size > kTreeSizeMax) return Error{Code::kLimit, "tree too large"};
  if (hashes.size() != static_cast<size_t>(std::popcount(size))) {
    return Error{Code::kInvalid, "a frontier has a hash for each bit of size"};
  }
  Frontier frontier;
  frontier.size_ = size;
  frontier.hashes_.assign(hashes.begin(), hashes.end());
  return frontier;
}

Result<Frontier> Frontier::Read(uint64_t size, const NodeSource& source) {
  if (size > kTreeSizeMax) return Error{Code::kLimit, "tree too large"};
  Frontier frontier;
  frontier.size_ = size;
  for (const Node& node : NodesOf({0, size})) {
    frontier.hashes_.push_back(TRY(source(node)));
  }
  return frontier;
}

Status Frontier::Append(const Hash& leaf) {
  if (size_ >= kTreeSizeMax) return Error{Code::kLimit, "tree too large"};
  Hash hash = leaf;
  for (uint64_t left = size_; (left & 1) == 1; left >>= 1) {
    hash = NodeHash(hashes_.back(), hash);
    hashes_.pop_back();
  }
  hashes_.push_back(hash);
  ++size_;
  return Ok();
}

Hash Frontier::Root() const {
  if (hashes_.empty()) return EmptyRoot();
  Hash hash = hashes_.back();
  for (size_t i = hashes_.size() - 1; i-- > 0;) {
    hash = NodeHash(hashes_[i], hash);
  }
  return hash;
}

}  // namespace vitrine::tlog
