// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "engine/body/body.h"
#include "engine/body/code.h"
#include "engine/body/limits.h"
#include "engine/body/part_search.h"
#include "engine/body/variant_search.h"

namespace vitrine::engine::body {
namespace {

Error Broken() { return Error{Code::kInvalid, "broken body pattern code"}; }

// Sizes of what WriteVariant() puts before the runs of a plain part, and of
// what it puts before a run's bytes. Checks are made millions of times a
// second: they read these at once and not field by field.
constexpr size_t kPlainPrefix = 36;
constexpr size_t kRunPrefix = 9;

uint32_t Load32(Bytes bytes, size_t at) {
  uint32_t value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return std::endian::native == std::endian::little ? value
                                                    : __builtin_bswap32(value);
}

// A plain part's edges, length and number of runs; false where it is not one.
bool ReadPlain(CodeReader& in, CodePart& part, uint16_t& runs) {
  const size_t start = in.at();
  const Bytes prefix = in.Raw(kPlainPrefix);
  if (prefix.size() < kPlainPrefix || prefix[16] != 0) {
    in.Seek(start);
    return false;
  }
  part.left_edge = prefix[14];
  part.right_edge = prefix[15];
  part.head.length = Load32(prefix, 17);
  runs = static_cast<uint16_t>(prefix[34] | prefix[35] << 8);
  return true;
}

Run ReadRunFast(CodeReader& in) {
  const size_t start = in.at();
  const Bytes prefix = in.Raw(kRunPrefix);
  if (prefix.size() < kRunPrefix || prefix[0] > 1) {
    in.Seek(start);
    return ReadRun(in);
  }
  Run run;
  run.kind = static_cast<RunKind>(prefix[0]);
  run.at = Load32(prefix, 1);
  run.size = Load32(prefix, 5);
  run.data = in.Raw(uint64_t{run.size} << prefix[0]);
  return run;
}

// What is known of one variant's match at `start`, having read it off `in`: of
// a variant that is not fixed, the start of its first part can rule it out.
// Runs are checked as they are read, nothing is kept; `in` may stop anywhere.
Candidate CheckVariant(CodeReader& in, bool fixed, Bytes text, uint64_t start) {
  CodePart part;
  uint16_t runs = 0;
  if (!ReadPlain(in, part, runs)) {
    in.U32();
    in.U16();
    ReadPartStart(in, part);
    runs = ReadBlockStart(in, part.head);
  }
  const uint64_t length = part.head.length;
  if (!in.ok()) return Candidate::kMaybe;
  if (length > text.size() || start > text.size() - length) {
    return Candidate::kNo;
  }
  for (uint16_t i = 0; i < runs; ++i) {
    const Run run = ReadRunFast(in);
    if (!in.ok() || !IsSound(run, part.head.length)) return Candidate::kMaybe;
    if (!Holds(run, text.data() + start)) return Candidate::kNo;
  }
  if (!LeftHolds(part, text, start)) return Candidate::kNo;
  if (!fixed) return Candidate::kMaybe;
  return RightHolds(part, text, start + length) ? Candidate::kYes
                                                : Candidate::kNo;
}

bool IsSmall(const CodePart& part) {
  return part.program.size() * uint64_t{part.span} <= kNearProgramMax;
}

// Whether a match may begin at `start`, where the first part's head holds: its
// alternatives and, where it must be near, the second part say no.
bool MayBegin(CodeReader in, Bytes text, uint64_t start) {
  const auto read = ReadVariant(in);
  if (!read.ok()) return true;
  const CodeVariant& variant = read.value();
  if (variant.empty() || !IsSmall(variant[0])) return true;
  Clock clock(Deadline::Never());
  const auto first = PartSearch(variant[0], text, clock).At(start);
  if (!first) return false;
  if (variant.size() < 2) return true;
  const CodePart& second = variant[1];
  if (second.gap_max > kNearMax || !IsSmall(second)) return true;
  return PartSearch(second, text, clock)
      .Next(first->end + second.gap_min, first->end + second.gap_max)
      .has_value();
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

bool IsAtOnePlace(Bytes code) {
  CodeReader in(code);
  const Header header = ReadHeader(in);
  return in.ok() && header.offset.max_shift == 0 &&
         (header.offset.kind == OffsetKind::kAbsolute ||
          header.offset.kind == OffsetKind::kEndMinus ||
          header.offset.kind == OffsetKind::kEntryPlus ||
          header.offset.kind == OffsetKind::kEntryMinus);
}

bool IsFarReaching(Bytes code) {
  CodeReader in(code);
  const Header header = ReadHeader(in);
  if (!in.ok() || (header.flags & kHeaderFixed) != 0) return false;
  const auto variant = ReadVariant(in);
  return variant.ok() && variant.value().size() > 1 &&
         variant.value()[1].gap_max > kNearMax;
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
  const bool fixed = (header.flags & kHeaderFixed) != 0;
  for (uint8_t i = 0; i < header.variants; ++i) {
    const size_t next = in.at();
    const CodeReader variant = in;
    Candidate known = CheckVariant(in, fixed, input.bytes, start);
    if (known == Candidate::kMaybe && !MayBegin(variant, input.bytes, start)) {
      known = Candidate::kNo;
    }
    if (known != Candidate::kNo) return known;
    if (i + 1 == header.variants) break;
    in.Seek(next);
    in.Raw(in.U32());
    if (!in.ok()) return Candidate::kMaybe;
  }
  return Candidate::kNo;
}

}  // namespace vitrine::engine::body
