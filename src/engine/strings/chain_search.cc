// SPDX-License-Identifier: Apache-2.0
#include "engine/strings/chain_search.h"

namespace vitrine::engine::strings {
namespace {

uint64_t SaturatingAdd(uint64_t a, uint64_t b) {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

}  // namespace

ChainSearch::ChainSearch(std::span<SegmentPlan> plans, Bytes object,
                         uint64_t from) {
  for (SegmentPlan& plan : plans) {
    levels_.push_back({SegmentSearch(plan, object, from),
                       plan.gap_min,
                       plan.gap_max,
                       plan.length_min,
                       false,
                       {}});
  }
}

Status ChainSearch::Run(MatchSink& sink, Deadline deadline) {
  deadline_ = deadline;
  // A segment that is nowhere saves the search for those before it.
  for (size_t level = levels_.size() - 1; level > 0; --level) {
    Link first;
    if (!Read(levels_[level], first)) return Outcome();
    levels_[level].links.push_back(first);
  }
  Link head;
  while (Read(levels_[0], head)) {
    const uint64_t floor = head.offset;
    if (Follow(0, head, floor) &&
        !sink.Add({head.offset, head.chain_end - head.offset, 0})) {
      return Ok();
    }
    if (late_) break;
  }
  return Outcome();
}

Status ChainSearch::Outcome() const {
  if (late_) return Error{Code::kDeadline, "string with jumps"};
  return Ok();
}

// The next match of a level's segment. False at the end or the deadline.
bool ChainSearch::Read(Level& level, Link& link) {
  if (level.at_end || late_) return false;
  regex::Found found;
  switch (level.search.Next(found, deadline_)) {
    case SegmentSearch::Outcome::kDeadline:
      late_ = true;
      return false;
    case SegmentSearch::Outcome::kEnd:
      level.at_end = true;
      return false;
    case SegmentSearch::Outcome::kFound:
      link = {found.offset, found.offset + found.length, 0};
  }
  return true;
}

// Whether a chain leads on from `link` to the end.
bool ChainSearch::Follow(size_t level, Link& link, uint64_t floor) {
  if (link.chain_end != 0) return true;
  if (level + 1 == levels_.size()) {
    link.chain_end = link.end;
    return true;
  }
  const Level& next = levels_[level + 1];
  const uint64_t next_floor = SaturatingAdd(
      SaturatingAdd(floor, levels_[level].length_min), next.gap_min);
  const auto end = ChainEnd(level + 1, link.end, next_floor);
  link.chain_end = end.value_or(0);
  return end.has_value();
}

// Where the first chain ends that goes on with a match of `level` in reach of
// `end_before`. No later call will ask for matches before `floor`.
std::optional<uint64_t> ChainSearch::ChainEnd(size_t level, uint64_t end_before,
                                              uint64_t floor) {
  Level& here = levels_[level];
  const uint64_t low = SaturatingAdd(end_before, here.gap_min);
  const uint64_t high = SaturatingAdd(end_before, here.gap_max);
  while (!here.links.empty() && here.links.front().offset < floor) {
    here.links.pop_front();
  }
  size_t at = 0;
  while (at < here.links.size() && here.links[at].offset < low) ++at;
  const size_t first_dead = at;
  std::optional<uint64_t> end;
  for (; at < here.links.size() && here.links[at].offset <= high; ++at) {
    if (late_) return std::nullopt;
    if (Follow(level, here.links[at], floor)) {
      end = here.links[at].chain_end;
      break;
    }
  }
  // Those leave no chain to anybody.
  const bool ran_out = !end && at == here.links.size();
  here.links.erase(here.links.begin() + static_cast<ptrdiff_t>(first_dead),
                   here.links.begin() + static_cast<ptrdiff_t>(at));
  if (end || !ran_out) return end;

  Link link;
  while (Read(here, link)) {
    if (link.offset < floor) continue;
    if (link.offset < low || link.offset > high) {
      here.links.push_back(link);
      if (link.offset > high) return std::nullopt;
      continue;
    }
    if (!Follow(level, link, floor)) continue;
    here.links.push_back(link);
    return link.chain_end;
  }
  return std::nullopt;
}

}  // namespace vitrine::engine::strings
