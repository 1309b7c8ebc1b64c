// SPDX-License-Identifier: Apache-2.0
#include "engine/strings/expr_code.h"

#include <algorithm>

#include "base/code.h"
#include "engine/strings/limits.h"

//   masked  = kMasked counted(values) masks
//   chain   = kChain flags varint(count) segment*
//   segment = varint(gap_min) varint(gap_max + 1, 0: endless) literals tree
//   literals = varint(count) (nocase, varint(offset + 1), counted bytes)*
namespace vitrine::engine::strings {
namespace {

constexpr uint8_t kMasked = 1;
constexpr uint8_t kChain = 2;

constexpr uint8_t kIsHex = 1;
constexpr uint8_t kAscii = 2;
constexpr uint8_t kWide = 4;
constexpr uint8_t kFullword = 8;
constexpr uint8_t kGreedy = 16;
constexpr uint8_t kNarrowFullword = 32;

// Literals a segment is searched by. More would each need a pass.
constexpr uint64_t kLiteralsMax = 64;

Error Bad() { return {Code::kInvalid, "bad string code"}; }

void WriteLiterals(const ir::AtomChoice& literals, CodeWriter& out) {
  out.Varint(literals.size());
  for (const ir::Literal& literal : literals) {
    out.U8(literal.nocase ? 1 : 0);
    out.Varint(static_cast<uint64_t>(int64_t{literal.offset} + 1));
    out.Counted(literal.bytes);
  }
}

Result<ir::AtomChoice> ReadLiterals(CodeReader& in) {
  const uint64_t count = in.Varint();
  if (!in.ok() || count > kLiteralsMax) return Bad();
  ir::AtomChoice literals;
  for (uint64_t i = 0; i < count; ++i) {
    ir::Literal literal;
    literal.nocase = in.U8() != 0;
    const uint64_t offset = in.Varint();
    const Bytes bytes = in.Counted();
    if (!in.ok() || bytes.empty() || offset > kJumpMax) return Bad();
    literal.offset = static_cast<int32_t>(static_cast<int64_t>(offset) - 1);
    literal.bytes.assign(bytes.begin(), bytes.end());
    literals.push_back(std::move(literal));
  }
  return literals;
}

}  // namespace

ByteVector Encode(const Masked& masked) {
  CodeWriter out;
  out.U8(kMasked);
  out.Counted(masked.values);
  out.Raw(masked.masks);
  return out.Take();
}

ByteVector Encode(const Chain& chain) {
  CodeWriter out;
  out.U8(kChain);
  out.U8(static_cast<uint8_t>(
      (chain.is_hex ? kIsHex : 0) | (chain.ascii ? kAscii : 0) |
      (chain.wide ? kWide : 0) | (chain.fullword ? kFullword : 0) |
      (chain.greedy ? kGreedy : 0) |
      (chain.narrow_fullword ? kNarrowFullword : 0)));
  out.Varint(chain.segments.size());
  for (const Segment& segment : chain.segments) {
    out.Varint(segment.gap_min);
    out.Varint(segment.gap_max == Segment::kEndless ? 0 : segment.gap_max + 1);
    WriteLiterals(segment.literals, out);
    regex::Encode(segment.ast, out);
  }
  return out.Take();
}

// Looked at for each candidate: code of the other form is told off first.
std::optional<MaskedView> ViewMasked(Bytes code) {
  if (code.empty() || code[0] != kMasked) return std::nullopt;
  CodeReader in(code, 1);
  MaskedView view;
  view.values = in.Counted();
  view.masks = in.Raw(view.values.size());
  if (!in.ok()) return std::nullopt;
  return view;
}

Result<Chain> DecodeChain(Bytes code) {
  CodeReader in(code);
  if (in.U8() != kChain) return Bad();
  const uint8_t flags = in.U8();
  Chain chain;
  chain.is_hex = (flags & kIsHex) != 0;
  chain.ascii = (flags & kAscii) != 0;
  chain.wide = (flags & kWide) != 0;
  chain.fullword = (flags & kFullword) != 0;
  chain.greedy = (flags & kGreedy) != 0;
  chain.narrow_fullword = (flags & kNarrowFullword) != 0;
  const uint64_t count = in.Varint();
  if (!in.ok() || count == 0 || count > kSegmentsMax) return Bad();
  for (uint64_t i = 0; i < count; ++i) {
    Segment segment;
    segment.gap_min = in.Varint();
    const uint64_t gap_max = in.Varint();
    segment.gap_max = gap_max == 0 ? Segment::kEndless : gap_max - 1;
    // Many small jumps in a row add up.
    constexpr uint64_t kGapMax = kJumpMax * kHexTokensMax;
    if (!in.ok() || segment.gap_min > kGapMax ||
        (gap_max != 0 && segment.gap_max > kGapMax)) {
      return Bad();
    }
    segment.literals = TRY(ReadLiterals(in));
    segment.ast = TRY(regex::Decode(in));
    chain.segments.push_back(std::move(segment));
  }
  return chain;
}

}  // namespace vitrine::engine::strings
