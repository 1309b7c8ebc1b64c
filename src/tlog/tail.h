// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "base/bytes.h"
#include "base/result.h"
#include "tlog/frontier.h"
#include "tlog/tile.h"

// Following a log: all entries between a tree that is known and a larger one
// that was signed, which must land on its root exactly. No proof is needed, and
// a fork or a changed entry cannot pass.
namespace vitrine::tlog {

// Takes the bundles from `known` on, in order. A value; thread-compatible.
//
//     Tail tail(known, checkpoint.size);
//     while (const auto tile = tail.Next()) tail.Take(fetched(*tile), keep);
//     const Frontier now = TRY(tail.Finish(checkpoint.root));
//
// Entries are handed out before the root is reached: they are to be believed
// after Finish() only.
class Tail {
 public:
  // `size` >= known.size() was signed; a smaller one shows in Finish().
  Tail(Frontier known, uint64_t size)
      : frontier_(std::move(known)), size_(size) {}

  // The bundle wanted next: the partial one of the tree of `size` at its end.
  // Nothing when all are taken.
  std::optional<Tile> Next() const;

  // The bytes of exactly that bundle; of its entries those that are new go to
  // `entry` with their index. On an error the tail is of no more use.
  Status Take(Bytes bundle,
              const std::function<void(uint64_t index, Bytes entry)>& entry);

  // kDenied unless all bundles were taken and they make `root`.
  Result<Frontier> Finish(const Hash& root) const;

 private:
  Frontier frontier_;
  uint64_t size_;
};

}  // namespace vitrine::tlog
