// SPDX-License-Identifier: Apache-2.0
#include "engine/body/code.h"

#include <algorithm>
#include <utility>

#include "engine/body/limits.h"

namespace vitrine::engine::body {
namespace {

void WriteSingle(const Single& single, CodeWriter& out) {
  out.U8(single.value);
  out.U8(single.mask);
  out.U8(single.min);
  out.U8(single.max);
}

Single ReadSingle(CodeReader& in) {
  Single single;
  single.value = in.U8();
  single.mask = in.U8();
  single.min = in.U8();
  single.max = in.U8();
  return single;
}

void WriteRun(const Run& run, CodeWriter& out) {
  out.U8(static_cast<uint8_t>(run.kind));
  out.U32(run.at);
  out.U32(run.size);
  if (run.kind == RunKind::kStrings) {
    out.U8(run.flags);
    out.U16(run.count);
  }
  out.Raw(run.data);
}

void WriteBlock(const Block& block, CodeWriter& out) {
  out.U32(block.length);
  out.U8(block.anchor ? 1 : 0);
  const Anchor anchor = block.anchor.value_or(Anchor{});
  out.U32(anchor.first);
  out.U32(anchor.second);
  out.U8(anchor.first_value);
  out.U8(anchor.first_mask);
  out.U8(anchor.second_value);
  out.U8(anchor.second_mask);
  out.U16(static_cast<uint16_t>(block.runs.size()));
  for (const Run& run : block.runs) WriteRun(run, out);
}

void WriteStep(const Step& step, CodeWriter& out) {
  out.U8(static_cast<uint8_t>(step.kind));
  switch (step.kind) {
    case Step::Kind::kBlock:
      WriteBlock(step.block, out);
      break;
    case Step::Kind::kSplit:
    case Step::Kind::kJump:
      out.U16(static_cast<uint16_t>(step.targets.size()));
      for (const uint32_t target : step.targets) out.U32(target);
      break;
    case Step::Kind::kEnd:
      break;
  }
}

Error Broken() { return Error{Code::kInvalid, "broken body pattern code"}; }

Result<Block> ReadBlock(CodeReader& in) {
  Block block;
  const uint16_t runs = ReadBlockStart(in, block);
  if (block.length > kLengthMax) return Broken();
  for (uint16_t i = 0; i < runs; ++i) {
    Run run = ReadRun(in);
    if (!in.ok() || !IsSound(run, block.length)) return Broken();
    block.runs.push_back(std::move(run));
  }
  if (!in.ok()) return Broken();
  const auto& anchor = block.anchor;
  if (anchor &&
      (anchor->first >= block.length || anchor->second >= block.length)) {
    return Broken();
  }
  return block;
}

Result<Step> ReadStep(CodeReader& in, uint32_t index, uint32_t steps) {
  Step step;
  const uint8_t kind = in.U8();
  if (kind > static_cast<uint8_t>(Step::Kind::kEnd)) return Broken();
  step.kind = static_cast<Step::Kind>(kind);
  if (step.kind == Step::Kind::kBlock) step.block = TRY(ReadBlock(in));
  if (step.kind == Step::Kind::kSplit || step.kind == Step::Kind::kJump) {
    const uint16_t targets = in.U16();
    for (uint16_t i = 0; i < targets; ++i) {
      const uint32_t target = in.U32();
      // Forward only, so that every walk ends.
      if (!in.ok() || target <= index || target >= steps) return Broken();
      step.targets.push_back(target);
    }
    if (targets == 0) return Broken();
  }
  // A step is followed by another, or is the end.
  if ((step.kind == Step::Kind::kEnd) != (index + 1 == steps)) return Broken();
  if (!in.ok()) return Broken();
  return step;
}

Result<CodePart> ReadPart(CodeReader& in) {
  CodePart part;
  const uint8_t flags = ReadPartStart(in, part);
  part.head = TRY(ReadBlock(in));
  if ((flags & kPartProgram) == 0) return part;
  part.span = in.U32();
  const uint16_t steps = in.U16();
  if (!in.ok() || steps == 0 || part.span > kLengthMax ||
      uint64_t{part.span} * steps > kProgramStateMax) {
    return Broken();
  }
  for (uint16_t i = 0; i < steps; ++i) {
    part.program.push_back(TRY(ReadStep(in, i, steps)));
  }
  return part;
}

}  // namespace

void WriteHeader(const Header& header, CodeWriter& out) {
  out.U8(kCodeVersion);
  out.U8(header.variants);
  out.U8(header.flags);
  out.U8(static_cast<uint8_t>(header.offset.kind));
  out.U16(header.offset.section);
  out.U16(0);
  out.U32(header.offset.value);
  out.U32(header.offset.max_shift);
}

void WriteVariant(const CodeVariant& variant, CodeWriter& out) {
  const size_t start = out.size();
  out.U32(0);
  out.U16(static_cast<uint16_t>(variant.size()));
  for (const CodePart& part : variant) {
    out.U32(part.gap_min);
    out.U32(part.gap_max);
    out.U8(part.left_edge);
    out.U8(part.right_edge);
    uint8_t flags = 0;
    if (part.left_single) flags |= kPartLeftSingle;
    if (part.right_single) flags |= kPartRightSingle;
    if (!part.program.empty()) flags |= kPartProgram;
    out.U8(flags);
    if (part.left_single) WriteSingle(*part.left_single, out);
    if (part.right_single) WriteSingle(*part.right_single, out);
    WriteBlock(part.head, out);
    if (part.program.empty()) continue;
    out.U32(part.span);
    out.U16(static_cast<uint16_t>(part.program.size()));
    for (const Step& step : part.program) WriteStep(step, out);
  }
  out.PatchU32(start, static_cast<uint32_t>(out.size() - start - 4));
}

Header ReadHeader(CodeReader& in) {
  constexpr size_t kSize = 16;
  Header header;
  const Bytes bytes = in.Raw(kSize);
  if (bytes.size() < kSize || bytes[0] != kCodeVersion) {
    in.Seek(SIZE_MAX);
    return header;
  }
  header.variants = bytes[1];
  header.flags = bytes[2];
  header.offset.kind = static_cast<OffsetKind>(bytes[3]);
  if (header.offset.kind == OffsetKind::kAny) return header;
  CodeReader offset(bytes, 4);
  header.offset.section = offset.U16();
  offset.U16();
  header.offset.value = offset.U32();
  header.offset.max_shift = offset.U32();
  return header;
}

Run ReadRun(CodeReader& in) {
  Run run;
  run.kind = static_cast<RunKind>(in.U8());
  run.at = in.U32();
  run.size = in.U32();
  uint64_t bytes = run.size;
  switch (run.kind) {
    case RunKind::kExact:
      break;
    case RunKind::kMasked:
      bytes *= 2;
      break;
    case RunKind::kSet:
      bytes = 32;
      break;
    case RunKind::kStrings:
      run.flags = in.U8();
      run.count = in.U16();
      bytes *= run.count;
      break;
    default:
      in.Seek(SIZE_MAX);
      break;
  }
  run.data = in.Raw(bytes);
  return run;
}

uint16_t ReadBlockStart(CodeReader& in, Block& block) {
  block.length = in.U32();
  const bool anchored = in.U8() != 0;
  Anchor anchor;
  anchor.first = in.U32();
  anchor.second = in.U32();
  anchor.first_value = in.U8();
  anchor.first_mask = in.U8();
  anchor.second_value = in.U8();
  anchor.second_mask = in.U8();
  if (anchored) block.anchor = anchor;
  return in.U16();
}

uint8_t ReadPartStart(CodeReader& in, CodePart& part) {
  part.gap_min = in.U32();
  part.gap_max = in.U32();
  part.left_edge = in.U8();
  part.right_edge = in.U8();
  const uint8_t flags = in.U8();
  if (flags & kPartLeftSingle) part.left_single = ReadSingle(in);
  if (flags & kPartRightSingle) part.right_single = ReadSingle(in);
  return flags;
}

Result<CodeVariant> ReadVariant(CodeReader& in) {
  in.U32();
  const uint16_t parts = in.U16();
  if (!in.ok() || parts == 0 || parts > kPartsMax) return Broken();
  CodeVariant variant;
  for (uint16_t i = 0; i < parts; ++i) variant.push_back(TRY(ReadPart(in)));
  return variant;
}

bool IsSound(const Run& run, uint32_t length) {
  const uint32_t size = run.kind == RunKind::kSet ? 1 : run.size;
  return size <= length && run.at <= length - size;
}

}  // namespace vitrine::engine::body
