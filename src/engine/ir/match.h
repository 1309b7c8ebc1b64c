// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "engine/ir/program.h"

namespace vitrine::engine {

struct Match {
  uint64_t offset = 0;
  uint64_t length = 0;
  // The key an `xor` string was found under; else 0. Not part of identity.
  uint8_t xor_key = 0;

  bool operator==(const Match&) const = default;
};

// The most matches kept of one pattern in one object; YARA's own limit. What
// lies beyond is not counted, and MatchList::cut says so.
inline constexpr size_t kMatchesMax = 1'000'000;

// All matches of one pattern, by rising offset.
struct MatchList {
  std::vector<Match> matches;
  bool cut = false;
};

// Answers for one view of one object; engine/match implements it, evaluators
// ask it. Patterns are named by the rule's own numbers, 0 to n-1. Answers are
// found on demand and remembered. Not thread-safe; one a scan.
class MatchSource {
 public:
  // At least one match anywhere.
  virtual bool Exists(uint32_t pattern) = 0;
  // Whether a match begins at `offset`; looks no further where it need not.
  virtual bool BeginsAt(uint32_t pattern, uint64_t offset) {
    if (!Exists(pattern)) return false;
    const std::vector<Match>& all = All(pattern).matches;
    const auto found = std::lower_bound(
        all.begin(), all.end(), offset,
        [](const Match& match, uint64_t at) { return match.offset < at; });
    return found != all.end() && found->offset == offset;
  }
  // Every match. The reference lives as long as the source.
  virtual const MatchList& All(uint32_t pattern) = 0;
  // Whether Exists() knows without a search of the view.
  virtual bool IsKnown(uint32_t) const { return false; }

 protected:
  ~MatchSource() = default;
};

// Receives matches by rising offset; returns false to stop the search.
class MatchSink {
 public:
  virtual bool Add(const Match& match) = 0;

 protected:
  ~MatchSink() = default;
};

}  // namespace vitrine::engine
