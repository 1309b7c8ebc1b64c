// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/deadline.h"
#include "engine/body/code.h"

namespace vitrine::engine::body {

// A deadline that is cheap to ask often.
class Clock {
 public:
  explicit Clock(Deadline deadline) : deadline_(deadline) {}

  // `steps` of work were done; whether time is up.
  bool Spent(uint64_t steps);
  bool late() const { return late_; }

 private:
  Deadline deadline_;
  uint64_t steps_ = 0;
  bool late_ = false;
};

struct Span {
  uint64_t start = 0;
  uint64_t end = 0;
};

// Finds one part's matches by rising start: for each start at most one, the
// one that prefers earlier alternatives. `part` and `text` must outlive it.
class PartSearch {
 public:
  PartSearch(const CodePart& part, Bytes text, Clock& clock);

  // The first match that starts in [from, to]; nullopt: none, or time is up.
  std::optional<Span> Next(uint64_t from, uint64_t to);

  // Whether, and where to, a match starts at `start`.
  std::optional<Span> At(uint64_t start);

 private:
  std::optional<uint64_t> RunProgram(uint64_t start);
  // Notes with which bytes a part may start that starts with alternatives;
  // false where that cannot be told.
  bool NoteFirstBytes();
  uint64_t SkipToFirstByte(uint64_t from, uint64_t to) const;

  struct Frame {
    uint32_t step;
    uint64_t at;
  };

  const CodePart& part_;
  Bytes text_;
  Clock& clock_;
  std::vector<Frame> stack_;
  // By step and distance: the walk in which it was last tried.
  std::vector<uint32_t> tried_;
  uint32_t walk_ = 0;
  bool has_first_bytes_ = false;
  std::array<bool, 256> first_bytes_{};
};

}  // namespace vitrine::engine::body
