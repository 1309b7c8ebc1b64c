// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "engine/regex/searcher.h"
#include "engine/strings/expr_code.h"

namespace vitrine::engine::strings {

// The matches of one segment, narrow and wide ones, by rising offset; one a
// place. Thread-compatible; keeps a view of the object.
class SegmentSearch {
 public:
  using Outcome = regex::Searcher::Outcome;

  static Result<SegmentSearch> Create(const Chain& chain,
                                      const Segment& segment, Bytes object,
                                      uint64_t from);

  Outcome Next(regex::Found& found, Deadline deadline);

  // Whether a match may begin at `at`; false is certain.
  bool MayBeginAt(uint64_t at);

 private:
  // One searcher with the match it stands at.
  struct Side {
    std::unique_ptr<regex::Searcher> searcher;
    bool wide = false;
    bool has_found = false;
    bool at_end = false;
    regex::Found found;
  };

  bool Fill(Side& side, Deadline deadline);

  Bytes object_;
  bool fullword_ = false;
  bool greedy_ = false;
  bool narrow_fullword_ = false;
  Side narrow_;
  Side wide_;
};

}  // namespace vitrine::engine::strings
