// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "engine/regex/plan.h"
#include "engine/regex/searcher.h"
#include "engine/strings/expr_code.h"

namespace vitrine::engine::strings {

// What all searches for one segment share. Thread-compatible; learns as it is
// used (regex::Plan).
struct SegmentPlan {
  static Result<SegmentPlan> Create(const Chain& chain, const Segment& segment);

  bool fullword = false;
  bool greedy = false;
  bool narrow_fullword = false;
  uint64_t gap_min = 0;  // As the segment's.
  uint64_t gap_max = 0;
  uint64_t length_min = 0;              // Of its narrow matches.
  std::unique_ptr<regex::Plan> narrow;  // Null: not searched for.
  std::unique_ptr<regex::Plan> wide;
};

// The matches of one segment, narrow and wide ones, by rising offset; one a
// place. Thread-compatible; keeps the plan's address and a view of the object.
class SegmentSearch {
 public:
  using Outcome = regex::Searcher::Outcome;

  SegmentSearch(SegmentPlan& plan, Bytes object, uint64_t from);

  Outcome Next(regex::Found& found, Deadline deadline);

 private:
  // One searcher with the match it stands at.
  struct Side {
    std::optional<regex::Searcher> searcher;
    bool wide = false;
    bool has_found = false;
    bool at_end = false;
    regex::Found found;
  };

  bool Fill(Side& side, Deadline deadline);

  const SegmentPlan* plan_;
  Bytes object_;
  Side narrow_;
  Side wide_;
};

}  // namespace vitrine::engine::strings
