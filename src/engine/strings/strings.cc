// SPDX-License-Identifier: Apache-2.0
#include "engine/strings/strings.h"

#include "engine/strings/expr_code.h"
#include "engine/strings/masked_search.h"
#include "engine/strings/text_search.h"

namespace vitrine::engine::strings {

Status FindAll(ir::PatternKind kind, Bytes code, Bytes object, uint64_t from,
               MatchSink& sink, Deadline deadline) {
  if (kind == ir::PatternKind::kText) {
    return FindText(code, object, from, sink, deadline);
  }
  if (kind != ir::PatternKind::kRegex) {
    return Error{Code::kInternal, "not a string of YARA"};
  }
  return TRY(Expression::Create(code)).FindAll(object, from, sink, deadline);
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

}  // namespace vitrine::engine::strings
