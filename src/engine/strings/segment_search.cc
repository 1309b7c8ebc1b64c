// SPDX-License-Identifier: Apache-2.0
#include "engine/strings/segment_search.h"

#include <algorithm>
#include <utility>

#include "engine/regex/limits.h"
#include "engine/strings/fullword.h"

namespace vitrine::engine::strings {
namespace {

ir::AtomChoice Widened(ir::AtomChoice literals) {
  for (ir::Literal& literal : literals) {
    ByteVector wide;
    for (const uint8_t byte : literal.bytes) {
      wide.push_back(byte);
      wide.push_back(0);
    }
    literal.bytes = std::move(wide);
    if (literal.offset != ir::kVaries) literal.offset *= 2;
  }
  return literals;
}

// Hex strings may be longer than YARA lets an expression's match be.
uint64_t LengthMax(const Chain& chain, const Segment& segment) {
  if (!chain.is_hex) return regex::kMatchBytesMax;
  const uint32_t most = regex::Widths(segment.ast)[segment.ast.root].max;
  return most == regex::kUnbounded
             ? regex::kMatchBytesMax
             : std::max<uint64_t>(most, regex::kMatchBytesMax);
}

}  // namespace

Result<SegmentPlan> SegmentPlan::Create(const Chain& chain,
                                        const Segment& segment) {
  SegmentPlan plan;
  plan.fullword = chain.fullword;
  plan.greedy = chain.greedy;
  plan.narrow_fullword = chain.narrow_fullword;
  plan.gap_min = segment.gap_min;
  plan.gap_max = segment.gap_max;
  plan.length_min = regex::Widths(segment.ast)[segment.ast.root].min;
  regex::Plan::Options options;
  options.length_max = LengthMax(chain, segment);
  // What leaves the most room for the jump that follows.
  options.shortest = &segment != &chain.segments.back();
  options.literals = segment.literals;
  if (chain.ascii) plan.narrow = TRY(regex::Plan::Create(segment.ast, options));
  if (chain.wide) {
    options.wide = true;
    options.literals = Widened(segment.literals);
    plan.wide = TRY(regex::Plan::Create(segment.ast, std::move(options)));
  }
  return plan;
}

SegmentSearch::SegmentSearch(SegmentPlan& plan, Bytes object, uint64_t from)
    : plan_(&plan), object_(object) {
  wide_.wide = true;
  narrow_.at_end = plan.narrow == nullptr;
  wide_.at_end = plan.wide == nullptr;
  if (plan.narrow) narrow_.searcher.emplace(*plan.narrow, object, from);
  if (plan.wide) wide_.searcher.emplace(*plan.wide, object, from);
}

// False if the deadline passed.
bool SegmentSearch::Fill(Side& side, Deadline deadline) {
  while (!side.at_end && !side.has_found) {
    switch (side.searcher->Next(side.found, deadline)) {
      case Outcome::kDeadline:
        return false;
      case Outcome::kEnd:
        side.at_end = true;
        break;
      case Outcome::kFound:
        side.has_found =
            !plan_->fullword ||
            IsFullword(object_, side.found.offset, side.found.length,
                       side.wide && !plan_->narrow_fullword);
    }
  }
  return true;
}

SegmentSearch::Outcome SegmentSearch::Next(regex::Found& found,
                                           Deadline deadline) {
  if (!Fill(narrow_, deadline) || !Fill(wide_, deadline)) {
    return Outcome::kDeadline;
  }
  if (narrow_.at_end && wide_.at_end) return Outcome::kEnd;
  bool take_wide = narrow_.at_end;
  if (!narrow_.at_end && !wide_.at_end) {
    // At the same place YARA keeps what it found first, the narrow one; but
    // of greedy expressions what it found last.
    const bool same = narrow_.found.offset == wide_.found.offset;
    take_wide =
        same ? plan_->greedy : wide_.found.offset < narrow_.found.offset;
    if (same) narrow_.has_found = wide_.has_found = false;
  }
  found = take_wide ? wide_.found : narrow_.found;
  (take_wide ? wide_ : narrow_).has_found = false;
  return Outcome::kFound;
}

}  // namespace vitrine::engine::strings
