// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/body/limits.h"
#include "engine/body/offset.h"
#include "engine/body/part_search.h"
#include "engine/ir/match.h"

namespace vitrine::engine::body {

// Finds the matches of one variant, parts from left to right: a match of a
// part counts where a match of the part before ends at the right distance.
// As clamscan does, it remembers of each part the first match and the last
// eight, so that memory and time do not grow with the number of matches.
class VariantSearch {
 public:
  // `variant` and `input` must outlive it.
  VariantSearch(const CodeVariant& variant, const Input& input,
                const Window& window, uint64_t from, Clock& clock);

  // The next match, by rising end of its first part's start; nullopt: none
  // more, or time is up.
  std::optional<Match> Next();

 private:
  // A match of a part, and where the chain that led to it began.
  struct Link {
    uint64_t chain = 0;
    uint64_t end = 0;
  };

  struct State {
    PartSearch search;
    std::optional<Span> pending;
    bool asked = false;
    Link first;
    std::array<Link, kRememberedMax> last;
    uint64_t count = 0;
  };

  // Looks for the part's next match from `from` on.
  void Ask(size_t part, uint64_t from);
  std::optional<size_t> Earliest();
  const Link* Before(size_t part, uint64_t start) const;
  void Remember(size_t part, const Link& link);

  const CodeVariant& variant_;
  const Input& input_;
  Window window_;
  std::vector<State> states_;
  uint64_t reported_ = 0;
};

}  // namespace vitrine::engine::body
