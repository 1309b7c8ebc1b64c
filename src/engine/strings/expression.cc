// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <utility>
#include <vector>

#include "engine/strings/chain_search.h"
#include "engine/strings/expr_code.h"
#include "engine/strings/masked_search.h"
#include "engine/strings/segment_search.h"
#include "engine/strings/strings.h"

namespace vitrine::engine::strings {
namespace {

// Hands a segment's matches on.
Status FindSegment(SegmentPlan& plan, Bytes object, uint64_t from,
                   MatchSink& sink, Deadline deadline) {
  SegmentSearch search(plan, object, from);
  regex::Found found;
  for (;;) {
    switch (search.Next(found, deadline)) {
      case SegmentSearch::Outcome::kDeadline:
        return Error{Code::kDeadline, "regular expression"};
      case SegmentSearch::Outcome::kEnd:
        return Ok();
      case SegmentSearch::Outcome::kFound:
        if (!sink.Add({found.offset, found.length, 0})) return Ok();
    }
  }
}

}  // namespace

struct Expression::State {
  std::optional<MaskedView> masked;
  std::vector<SegmentPlan> plans;  // Where it is not masked; not empty.
};

Expression::Expression(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(Expression&&) noexcept = default;
Expression::~Expression() = default;

Result<Expression> Expression::Create(Bytes code) {
  auto state = std::make_unique<State>();
  state->masked = ViewMasked(code);
  if (!state->masked) {
    const Chain chain = TRY(DecodeChain(code));
    for (const Segment& segment : chain.segments) {
      state->plans.push_back(TRY(SegmentPlan::Create(chain, segment)));
    }
    if (state->plans.empty()) return Error{Code::kInvalid, "no segments"};
  }
  return Expression(std::move(state));
}

Status Expression::FindAll(Bytes object, uint64_t from, MatchSink& sink,
                           Deadline deadline) {
  if (state_->masked) {
    return FindMasked(*state_->masked, object, from, sink, deadline);
  }
  if (from >= object.size()) return Ok();
  if (state_->plans.size() == 1) {
    return FindSegment(state_->plans[0], object, from, sink, deadline);
  }
  return ChainSearch(state_->plans, object, from).Run(sink, deadline);
}

Candidate Expression::BeginsAt(Bytes object, uint64_t at) {
  if (state_->masked) {
    return MatchesAt(*state_->masked, object, at) ? Candidate::kYes
                                                  : Candidate::kNo;
  }
  const SegmentPlan& plan = state_->plans[0];
  uint64_t read = 0;
  const bool begins =
      at < object.size() &&
      ((plan.narrow && plan.narrow->LengthAt(object, at, read)) ||
       (plan.wide && plan.wide->LengthAt(object, at, read)));
  if (!begins) return Candidate::kNo;
  const bool is_all = state_->plans.size() == 1 && !plan.fullword;
  return is_all ? Candidate::kYes : Candidate::kMaybe;
}

size_t Expression::memory_bytes() const {
  size_t bytes = sizeof(State);
  for (const SegmentPlan& plan : state_->plans) {
    bytes += sizeof(SegmentPlan);
    if (plan.narrow) bytes += plan.narrow->memory_bytes();
    if (plan.wide) bytes += plan.wide->memory_bytes();
  }
  return bytes;
}

}  // namespace vitrine::engine::strings
