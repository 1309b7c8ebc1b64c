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

Result<SegmentSearch> SegmentSearch::Create(const Chain& chain,
                                            const Segment& segment,
                                            Bytes object, uint64_t from) {
  SegmentSearch search;
  search.object_ = object;
  search.fullword_ = chain.fullword;
  search.greedy_ = chain.greedy;
  search.narrow_fullword_ = chain.narrow_fullword;
  search.narrow_.at_end = !chain.ascii;
  search.wide_.at_end = !chain.wide;
  search.wide_.wide = true;
  for (Side* side : {&search.narrow_, &search.wide_}) {
    if (side->at_end) continue;
    regex::Searcher::Options options;
    options.wide = side->wide;
    options.length_max = LengthMax(chain, segment);
    // What leaves the most room for the jump that follows.
    options.shortest = &segment != &chain.segments.back();
    options.literals =
        side->wide ? Widened(segment.literals) : segment.literals;
    side->searcher = TRY(
        regex::Searcher::Create(segment.ast, std::move(options), object, from));
  }
  return search;
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
            !fullword_ ||
            IsFullword(object_, side.found.offset, side.found.length,
                       side.wide && !narrow_fullword_);
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
    take_wide = same ? greedy_ : wide_.found.offset < narrow_.found.offset;
    if (same) narrow_.has_found = wide_.has_found = false;
  }
  found = take_wide ? wide_.found : narrow_.found;
  (take_wide ? wide_ : narrow_).has_found = false;
  return Outcome::kFound;
}

bool SegmentSearch::MayBeginAt(uint64_t at) {
  const auto may = [&](Side& side) {
    return side.searcher != nullptr && side.searcher->LengthAt(at).has_value();
  };
  return may(narrow_) || may(wide_);
}

}  // namespace vitrine::engine::strings
