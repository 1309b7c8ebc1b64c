// SPDX-License-Identifier: Apache-2.0
#include "engine/body/variant_search.h"

#include <algorithm>

namespace vitrine::engine::body {

VariantSearch::VariantSearch(const CodeVariant& variant, const Input& input,
                             const Window& window, uint64_t from, Clock& clock)
    : variant_(variant), input_(input), window_(window) {
  window_.first = std::max(window_.first, from);
  for (const CodePart& part : variant) {
    states_.push_back(
        {PartSearch(part, input.bytes, clock), {}, false, {}, {}, 0});
  }
  if (!window_.none) Ask(0, window_.first);
}

void VariantSearch::Ask(size_t part, uint64_t from) {
  State& state = states_[part];
  state.asked = true;
  const uint64_t to = part == 0 ? window_.last : UINT64_MAX;
  do {
    state.pending = state.search.Next(from, to);
    if (state.pending) from = state.pending->start + 1;
  } while (state.pending && part == 0 &&
           !window_.Allows(state.pending->start, input_));
}

// The part whose next match starts first. Of two that start together the later
// part goes first: it cannot follow the other.
std::optional<size_t> VariantSearch::Earliest() {
  std::optional<size_t> best;
  for (size_t i = states_.size(); i-- > 0;) {
    if (!states_[i].pending) continue;
    if (!best || states_[i].pending->start < states_[*best].pending->start) {
      best = i;
    }
  }
  return best;
}

// The latest match of the part before that `start` may follow.
const VariantSearch::Link* VariantSearch::Before(size_t part,
                                                 uint64_t start) const {
  const State& state = states_[part - 1];
  const CodePart& code = variant_[part];
  const auto fits = [&](const Link& link) {
    if (link.end > start) return false;
    const uint64_t gap = start - link.end;
    return gap >= code.gap_min &&
           (code.gap_max == kNoLimit || gap <= code.gap_max);
  };
  const uint64_t kept = std::min<uint64_t>(state.count, kRememberedMax);
  for (uint64_t i = 0; i < kept; ++i) {
    const Link& link = state.last[(state.count - 1 - i) % kRememberedMax];
    if (fits(link)) return &link;
  }
  return state.count > 0 && fits(state.first) ? &state.first : nullptr;
}

void VariantSearch::Remember(size_t part, const Link& link) {
  State& state = states_[part];
  if (state.count == 0) state.first = link;
  state.last[state.count % kRememberedMax] = link;
  ++state.count;
  State& next = states_[part + 1];
  if (!next.asked) Ask(part + 1, link.end);
}

std::optional<Match> VariantSearch::Next() {
  while (const auto part = Earliest()) {
    State& state = states_[*part];
    const Span span = *state.pending;
    const bool is_last = *part + 1 == states_.size();
    std::optional<Link> link;
    if (*part == 0) {
      link = Link{span.start, span.end};
    } else if (const Link* before = Before(*part, span.start)) {
      link = Link{before->chain, span.end};
    }
    if (link && !is_last) Remember(*part, *link);
    // A first match is enough where any distance may follow.
    const bool done = link && !is_last &&
                      variant_[*part + 1].gap_max == kNoLimit &&
                      variant_[*part].program.empty();
    if (done) {
      for (size_t i = 0; i <= *part; ++i) states_[i].pending.reset();
    } else {
      Ask(*part, span.start + 1);
    }
    if (link && is_last) {
      // Chains may part and meet: what was reported never goes back.
      reported_ = std::max(reported_, link->chain);
      return Match{reported_, link->end - reported_, 0};
    }
  }
  return std::nullopt;
}

}  // namespace vitrine::engine::body
