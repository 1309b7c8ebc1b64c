// SPDX-License-Identifier: Apache-2.0
#include "engine/body/emit.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/text.h"
#include "engine/body/limits.h"
#include "engine/body/search.h"

namespace vitrine::engine::body {
namespace {

using Kind = Element::Kind;

Error TooLong() { return Error{Code::kInvalid, "pattern too long"}; }

// What a byte costs to look for: common bytes and loose masks cost more.
int Cost(uint8_t value, uint8_t mask) {
  const int freedom = 8 - std::popcount(mask);
  if (mask == 0xdf) {
    return std::max(Commonness(value),
                    Commonness(static_cast<uint8_t>(value | 0x20)));
  }
  return Commonness(value) + 64 * freedom;
}

std::optional<Anchor> ChooseAnchor(const Sequence& sequence, size_t from,
                                   size_t to) {
  struct Candidate {
    int cost;
    uint32_t at;
    uint8_t value;
    uint8_t mask;
  };
  std::optional<Candidate> best[2];
  uint32_t at = 0;
  for (size_t i = from; i < to; ++i) {
    const Element& e = sequence[i];
    if (e.kind == Kind::kByte && e.mask != 0) {
      const Candidate found{Cost(e.value, e.mask), at, e.value, e.mask};
      if (!best[0] || found.cost < best[0]->cost) {
        best[1] = std::exchange(best[0], found);
      } else if (!best[1] || found.cost < best[1]->cost) {
        best[1] = found;
      }
    }
    at += *LengthOf(e);
  }
  if (!best[0]) return std::nullopt;
  if (!best[1]) best[1] = best[0];
  return Anchor{best[0]->at,   best[1]->at,    best[0]->value,
                best[0]->mask, best[1]->value, best[1]->mask};
}

uint32_t MaxLength(const Sequence& sequence) {
  uint64_t total = 0;
  for (const Element& element : sequence) {
    uint64_t length = 0;
    if (const auto fixed = LengthOf(element)) {
      length = *fixed;
    } else {
      for (const Sequence& branch : element.branches) {
        length = std::max<uint64_t>(length, MaxLength(branch));
      }
    }
    total = std::min<uint64_t>(total + length, UINT32_MAX);
  }
  return static_cast<uint32_t>(total);
}

}  // namespace

Bytes Emitter::Keep(ByteVector bytes) {
  bytes_.push_back(std::move(bytes));
  return bytes_.back();
}

Result<CodeVariant> Emitter::Emit(const Variant& variant) {
  CodeVariant out;
  for (const Part& part : variant) out.push_back(TRY(EmitPart(part)));
  return out;
}

Result<CodePart> Emitter::EmitPart(const Part& part) {
  CodePart out;
  out.gap_min = part.gap_min;
  out.gap_max = part.gap_max;
  out.left_edge = part.left_edge;
  out.right_edge = part.right_edge;
  out.left_single = part.left_single;
  out.right_single = part.right_single;
  const uint32_t length = MaxLength(part.elements);
  if (length > kLengthMax) return TooLong();
  size_t at = 0;
  out.head = EmitBlock(part.elements, at);
  if (at == part.elements.size()) return out;
  out.span = length - out.head.length + 1;
  TRY(EmitProgram(part.elements, at, out.program));
  out.program.push_back(Step{});
  if (out.program.size() > UINT16_MAX ||
      uint64_t{out.span} * out.program.size() > kProgramStateMax) {
    return TooLong();
  }
  return out;
}

Block Emitter::EmitBlock(const Sequence& sequence, size_t& at) {
  Block block;
  const size_t first = at;
  while (at < sequence.size() && block.runs.size() < UINT16_MAX) {
    const Element& element = sequence[at];
    const auto length = LengthOf(element);
    if (!length) break;
    if (element.kind == Kind::kByte) {
      if (element.mask == 0) {
        ++block.length;
        ++at;
        continue;
      }
      Run run = EmitBytes(sequence, at);
      run.at = block.length;
      block.length += run.size;
      block.runs.push_back(std::move(run));
      continue;
    }
    Run run = EmitStrings(element);
    run.at = block.length;
    block.length += *length;
    block.runs.push_back(std::move(run));
    ++at;
  }
  block.anchor = ChooseAnchor(sequence, first, at);
  return block;
}

// The longest run of exact bytes, or of bytes of which some have masks.
Run Emitter::EmitBytes(const Sequence& sequence, size_t& at) {
  ByteVector values;
  ByteVector masks;
  bool exact = true;
  while (at < sequence.size() && sequence[at].kind == Kind::kByte &&
         sequence[at].mask != 0) {
    exact = exact && sequence[at].mask == 0xff;
    values.push_back(sequence[at].value);
    masks.push_back(sequence[at].mask);
    ++at;
  }
  Run run;
  run.kind = exact ? RunKind::kExact : RunKind::kMasked;
  run.size = static_cast<uint32_t>(values.size());
  if (!exact) values.insert(values.end(), masks.begin(), masks.end());
  run.data = Keep(std::move(values));
  return run;
}

Run Emitter::EmitStrings(const Element& element) {
  Run run;
  if (element.kind == Kind::kSet) {
    run.kind = RunKind::kSet;
    run.size = 1;
    run.data = Keep({element.set.bits.begin(), element.set.bits.end()});
    return run;
  }
  run.kind = RunKind::kStrings;
  run.size = static_cast<uint32_t>(element.strings.front().size());
  run.count = static_cast<uint16_t>(element.strings.size());
  if (element.negated) run.flags |= kStringsNegated;
  if (element.nocase) run.flags |= kStringsNocase;
  ByteVector data;
  for (const ByteVector& string : element.strings) {
    data.insert(data.end(), string.begin(), string.end());
  }
  if (element.nocase) std::ranges::transform(data, data.begin(), ToLower);
  run.data = Keep(std::move(data));
  return run;
}

// Splits lead into their branches, each branch jumps behind the last.
Result<uint32_t> Emitter::EmitProgram(const Sequence& sequence, size_t at,
                                      std::vector<Step>& out) {
  while (at < sequence.size()) {
    if (out.size() > UINT16_MAX) return TooLong();
    if (sequence[at].kind != Kind::kGeneric) {
      Step step;
      step.kind = Step::Kind::kBlock;
      step.block = EmitBlock(sequence, at);
      out.push_back(std::move(step));
      continue;
    }
    const size_t split = out.size();
    out.emplace_back().kind = Step::Kind::kSplit;
    std::vector<size_t> jumps;
    for (const Sequence& branch : sequence[at].branches) {
      out[split].targets.push_back(static_cast<uint32_t>(out.size()));
      TRY(EmitProgram(branch, 0, out));
      jumps.push_back(out.size());
      out.emplace_back().kind = Step::Kind::kJump;
    }
    for (const size_t jump : jumps) {
      out[jump].targets = {static_cast<uint32_t>(out.size())};
    }
    ++at;
  }
  return static_cast<uint32_t>(out.size());
}

bool IsFixed(const CodeVariant& variant) {
  return variant.size() == 1 && variant[0].program.empty();
}

}  // namespace vitrine::engine::body
