// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/deadline.h"
#include "engine/regex/plan.h"

namespace vitrine::engine::regex {

struct Found {
  uint64_t offset = 0;
  uint64_t length = 0;
};

// Finds the matches of one expression in one object, one for each place where
// any begins, by rising offset.
//
// Places to try come from a stretch of the expression that is as long in every
// match, from the literals it insists on, from the bytes it can begin with, or,
// where these are no help, from a backward pass that finds all beginnings in
// linear time, a block at a time.
//
// Thread-compatible. Keeps the plan's address and a view of the object. Time is
// bounded by the object's size, times kMatchBytesMax in the worst case.
class Searcher {
 public:
  enum class Outcome : uint8_t { kFound, kEnd, kDeadline };

  Searcher(Plan& plan, Bytes object, uint64_t from);

  Outcome Next(Found& found, Deadline deadline);

 private:
  std::optional<uint64_t> NextPlace(Deadline deadline);
  std::optional<uint64_t> NextByAnchor(Deadline deadline);
  bool FindAnchorHit(Deadline deadline);
  bool IsAnchor(uint64_t at) const;
  std::optional<uint64_t> NextByLiterals();
  std::optional<uint64_t> NextByFirstBytes(Deadline deadline);
  std::optional<uint64_t> NextByBlocks(Deadline deadline);
  uint64_t NextLiteral(uint64_t from);
  void ReconsiderWay();
  bool IsLate(uint64_t cost, Deadline deadline);

  Plan* plan_;
  const Places* places_;
  Bytes object_;
  uint64_t from_;
  uint64_t at_;  // Nothing before it is to be tried again.

  Way way_;
  std::optional<uint64_t> anchor_hit_;  // The last one; later ones lie behind.
  std::vector<uint64_t> literal_hits_;  // Next ones, or UINT64_MAX.
  uint32_t flushes_before_;
  bool backward_failed_ = false;

  std::vector<uint64_t> starts_;  // Of the current block, last first.
  uint64_t block_end_ = 0;
  uint64_t cost_ = 0;  // Places tried and bytes read for them.
  uint64_t since_clock_ = 0;
  bool late_ = false;
};

}  // namespace vitrine::engine::regex
