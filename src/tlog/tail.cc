// SPDX-License-Identifier: Apache-2.0
#include "tlog/tail.h"

#include "tlog/bundle.h"
#include "tlog/limits.h"

namespace vitrine::tlog {

std::optional<Tile> Tail::Next() const {
  const uint64_t have = frontier_.size();
  if (have >= size_ || size_ > kTreeSizeMax) return std::nullopt;
  return BundleOf(have, size_);
}

Status Tail::Take(
    Bytes bundle,
    const std::function<void(uint64_t index, Bytes entry)>& entry) {
  const auto tile = Next();
  if (!tile) return Error{Code::kInvalid, "no bundle is wanted"};
  const auto entries = TRY(ParseBundle(bundle, tile->width));
  const uint64_t first = tile->index * kTileWidth;
  // What comes before was verified when it was new.
  for (uint64_t i = frontier_.size() - first; i < entries.size(); ++i) {
    TRY(frontier_.Append(LeafHash(entries[i])));
    entry(first + i, entries[i]);
  }
  return Ok();
}

Result<Frontier> Tail::Finish(const Hash& root) const {
  if (frontier_.size() != size_) {
    return Error{Code::kDenied, "the signed tree is not the one followed"};
  }
  if (frontier_.Root() != root) {
    return Error{Code::kDenied, "the entries do not make the signed root"};
  }
  return frontier_;
}

}  // namespace vitrine::tlog
