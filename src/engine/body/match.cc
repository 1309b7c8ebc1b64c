// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "engine/body/body.h"
#include "engine/body/code.h"
#include "engine/body/variant_search.h"

namespace vitrine::engine::body {
namespace {

Error Broken() { return Error{Code::kInvalid, "broken body pattern code"}; }

// What is known of one variant around a literal, having read it off `in`.
// Checks runs as it reads them: nothing is kept.
Candidate CheckFixed(CodeReader& in, Bytes text, uint64_t start) {
  in.U32();
  in.U16();
  CodePart part;
  ReadPartStart(in, part);
  const uint16_t runs = ReadBlockStart(in, part.head);
  const uint64_t length = part.head.length;
  bool holds = length <= text.size() && start <= text.size() - length;
  for (uint16_t i = 0; i < runs && in.ok(); ++i) {
    const Run run = ReadRun(in);
    if (!in.ok() || !IsSound(run, part.head.length)) return Candidate::kMaybe;
    holds = holds && Holds(run, text.data() + start);
  }
  if (!in.ok()) return Candidate::kMaybe;
  holds = holds && LeftHolds(part, text, start) &&
          RightHolds(part, text, start + length);
  return holds ? Candidate::kYes : Candidate::kNo;
}

}  // namespace

Status FindAll(Bytes code, const Input& input, uint64_t from, MatchSink& sink,
               Deadline deadline) {
  CodeReader in(code);
  const Header header = ReadHeader(in);
  if (!in.ok()) return Broken();
  std::vector<CodeVariant> variants;
  for (uint8_t i = 0; i < header.variants; ++i) {
    variants.push_back(TRY(ReadVariant(in)));
  }
  Clock clock(deadline);
  const Window window = Resolve(header.offset, input);
  std::vector<VariantSearch> searches;
  std::vector<std::optional<Match>> next;
  for (const CodeVariant& variant : variants) {
    searches.emplace_back(variant, input, window, from, clock);
    next.push_back(searches.back().Next());
  }
  while (true) {
    std::optional<size_t> best;
    for (size_t i = 0; i < next.size(); ++i) {
      if (!next[i]) continue;
      if (!best || next[i]->offset < next[*best]->offset) best = i;
    }
    if (clock.late()) return Error{Code::kDeadline, "time is up"};
    if (!best || !sink.Add(*next[*best])) return Ok();
    next[*best] = searches[*best].Next();
  }
}

Candidate Check(Bytes code, const Input& input, uint64_t at,
                int32_t literal_offset) {
  CodeReader in(code);
  const Header header = ReadHeader(in);
  if (!in.ok() || literal_offset == ir::kVaries || literal_offset < 0) {
    return Candidate::kMaybe;
  }
  const auto distance = static_cast<uint64_t>(literal_offset);
  if (distance > at) return Candidate::kNo;
  const uint64_t start = at - distance;
  if (header.offset.kind != OffsetKind::kAny &&
      !Resolve(header.offset, input).Allows(start, input)) {
    return Candidate::kNo;
  }
  if ((header.flags & kHeaderFixed) == 0) return Candidate::kMaybe;
  for (uint8_t i = 0; i < header.variants; ++i) {
    const Candidate known = CheckFixed(in, input.bytes, start);
    if (known != Candidate::kNo) return known;
  }
  return Candidate::kNo;
}

}  // namespace vitrine::engine::body
