// SPDX-License-Identifier: Apache-2.0
#include "engine/strings/strings.h"

#include "engine/strings/chain_search.h"
#include "engine/strings/expr_code.h"
#include "engine/strings/masked_search.h"
#include "engine/strings/text_search.h"

namespace vitrine::engine::strings {
namespace {

// Hands a segment's matches on.
Status FindSegment(const Chain& chain, Bytes object, uint64_t from,
                   MatchSink& sink, Deadline deadline) {
  SegmentSearch search =
      TRY(SegmentSearch::Create(chain, chain.segments[0], object, from));
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

Status FindAll(ir::PatternKind kind, Bytes code, Bytes object, uint64_t from,
               MatchSink& sink, Deadline deadline) {
  if (kind == ir::PatternKind::kText) {
    return FindText(code, object, from, sink, deadline);
  }
  if (kind != ir::PatternKind::kRegex) {
    return Error{Code::kInternal, "not a string of YARA"};
  }
  if (const auto masked = ViewMasked(code)) {
    return FindMasked(*masked, object, from, sink, deadline);
  }
  const Chain chain = TRY(DecodeChain(code));
  if (from >= object.size()) return Ok();
  if (chain.segments.size() == 1) {
    return FindSegment(chain, object, from, sink, deadline);
  }
  ChainSearch search = TRY(ChainSearch::Create(chain, object, from));
  return search.Run(sink, deadline);
}

Candidate Check(ir::PatternKind kind, Bytes code, Bytes object, uint64_t at,
                int32_t literal_offset) {
  if (literal_offset < 0) return Candidate::kMaybe;
  const auto offset = static_cast<uint64_t>(literal_offset);
  if (at < offset) return Candidate::kNo;
  if (kind == ir::PatternKind::kText) {
    return CheckText(code, object, at - offset);
  }
  if (const auto masked = ViewMasked(code)) {
    return MatchesAt(*masked, object, at - offset) ? Candidate::kYes
                                                   : Candidate::kNo;
  }
  return Candidate::kMaybe;
}

struct StartChecker::State {
  SegmentSearch search;
};

StartChecker::StartChecker(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
StartChecker::StartChecker(StartChecker&&) noexcept = default;
StartChecker& StartChecker::operator=(StartChecker&&) noexcept = default;
StartChecker::~StartChecker() = default;

Result<StartChecker> StartChecker::Create(Bytes code, Bytes object) {
  const Chain chain = TRY(DecodeChain(code));
  if (chain.segments.empty()) return Error{Code::kInvalid, "no segments"};
  SegmentSearch search =
      TRY(SegmentSearch::Create(chain, chain.segments[0], object, 0));
  return StartChecker(std::make_unique<State>(State{std::move(search)}));
}

bool StartChecker::MayBeginAt(uint64_t at) {
  return state_->search.MayBeginAt(at);
}

}  // namespace vitrine::engine::strings
