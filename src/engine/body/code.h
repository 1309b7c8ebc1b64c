// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/code.h"
#include "base/result.h"
#include "engine/body/ast.h"
#include "engine/body/offset.h"

// A pattern's code: a header of fixed size, then its variants. What reads it
// believes nothing: the blob may come from a hostile file.
//
//   header   u8 version, u8 variants, u8 flags, u8 offset kind, u16 section,
//            u16 zero, u32 offset value, u32 max shift
//   variant  u32 size, u16 parts, part...
//   part     u32 gap min, u32 gap max, u8 left edge, u8 right edge, u8 flags,
//            [single left] [single right], block, [program]
//   single   u8 value, mask, min, max
//   block    u32 length, anchor, u16 runs, run...
//   anchor   u8 present, u32 first, u32 second, u8 value, mask, value, mask
//   run      u8 kind, u32 at, u32 size, its bytes
//   program  u32 span, u16 steps, step...
namespace vitrine::engine::body {

inline constexpr uint8_t kCodeVersion = 1;

enum HeaderFlag : uint8_t {
  // Each variant is one part without alternatives of unequal length: Check()
  // knows everything.
  kHeaderFixed = 1,
};

struct Header {
  uint8_t variants = 0;
  uint8_t flags = 0;
  Offset offset;
};

enum class RunKind : uint8_t {
  kExact,    // size bytes
  kMasked,   // size bytes of values, size bytes of masks
  kSet,      // 32 bytes: a ByteSet
  kStrings,  // u8 flags, u16 count, count strings of size bytes
};

enum StringsFlag : uint8_t { kStringsNegated = 1, kStringsNocase = 2 };

// Bytes at a fixed distance from a block's start.
struct Run {
  RunKind kind = RunKind::kExact;
  uint32_t at = 0;
  uint32_t size = 0;
  uint8_t flags = 0;
  uint16_t count = 0;
  Bytes data;
};

// Two bytes of a block that are rare together: (text[first] & mask) == value.
struct Anchor {
  uint32_t first = 0;
  uint32_t second = 0;
  uint8_t first_value = 0;
  uint8_t first_mask = 0;
  uint8_t second_value = 0;
  uint8_t second_mask = 0;
};

// A stretch of fixed length.
struct Block {
  uint32_t length = 0;
  std::optional<Anchor> anchor;
  std::vector<Run> runs;
};

// One step of the alternatives after a part's first block.
struct Step {
  enum class Kind : uint8_t { kBlock, kSplit, kJump, kEnd };
  Kind kind = Kind::kEnd;
  Block block;
  // Steps to go on with, the preferred first; all behind this one.
  std::vector<uint32_t> targets;
};

struct CodePart {
  uint32_t gap_min = 0;
  uint32_t gap_max = 0;
  uint8_t left_edge = 0;
  uint8_t right_edge = 0;
  std::optional<Single> left_single;
  std::optional<Single> right_single;
  Block head;
  std::vector<Step> program;  // Empty: the head is all.
  uint32_t span = 0;          // The most bytes the program may take.
};

using CodeVariant = std::vector<CodePart>;

void WriteHeader(const Header& header, CodeWriter& out);
void WriteVariant(const CodeVariant& variant, CodeWriter& out);

// ok() of the reader must be looked at after either.
Header ReadHeader(CodeReader& in);
Run ReadRun(CodeReader& in);
// Everything but the runs, of which it gives the count.
uint16_t ReadBlockStart(CodeReader& in, Block& block);
// Up to the head; the flags say what follows.
uint8_t ReadPartStart(CodeReader& in, CodePart& part);
Result<CodeVariant> ReadVariant(CodeReader& in);

enum PartFlag : uint8_t {
  kPartLeftSingle = 1,
  kPartRightSingle = 2,
  kPartProgram = 4,
};

// `at` lies inside the block; what does not is hostile.
bool IsSound(const Run& run, uint32_t length);

// The run holds at the block's start `text`, which has the block's length.
bool Holds(const Run& run, const uint8_t* text);

// The bytes before `start`, or from `end` on, are as the part wants them.
bool LeftHolds(const CodePart& part, Bytes text, uint64_t start);
bool RightHolds(const CodePart& part, Bytes text, uint64_t end);

}  // namespace vitrine::engine::body
