// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "engine/ir/match.h"
#include "engine/strings/segment_search.h"

namespace vitrine::engine::strings {

// Matches of segments that follow one another at a distance. For each match of
// the first segment, the first chain of matches that reaches the last.
//
// Each segment's matches are found once, in order, as far as they are needed,
// and each is followed to the chain's end once: time is linear. Remembered are
// only those a later chain may still pass through.
//
// Thread-compatible; keeps the plans and a view of the object.
class ChainSearch {
 public:
  // `plans`: the segments', in order; not empty.
  ChainSearch(std::span<SegmentPlan> plans, Bytes object, uint64_t from);

  // kDeadline, with what was reported until then.
  Status Run(MatchSink& sink, Deadline deadline);

 private:
  struct Link {
    uint64_t offset = 0;
    uint64_t end = 0;        // Of this segment's match.
    uint64_t chain_end = 0;  // Of the whole; 0 while it is not known.
  };

  struct Level {
    SegmentSearch search;
    uint64_t gap_min = 0;
    uint64_t gap_max = 0;
    uint64_t length_min = 0;
    bool at_end = false;
    std::deque<Link> links;  // Matches seen, less those that lead nowhere.
  };

  std::optional<uint64_t> ChainEnd(size_t level, uint64_t end_before,
                                   uint64_t floor);
  bool Follow(size_t level, Link& link, uint64_t floor);
  bool Read(Level& level, Link& link);
  Status Outcome() const;

  std::vector<Level> levels_;
  Deadline deadline_;
  bool late_ = false;
};

}  // namespace vitrine::engine::strings
