// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "engine/regex/ast.h"
#include "engine/regex/byte_set.h"

namespace vitrine::engine::regex {

enum class Op : uint8_t {
  kSet,    // One byte of `set`, then `next`.
  kSplit,  // `next`, or if that fails `other`.
  kMatch,
  kFail,
  kStart,  // The assertions, then `next`.
  kEnd,
  kWord,
  kNotWord,
};

struct Instruction {
  Op op = Op::kFail;
  uint32_t set = 0;
  uint32_t next = 0;
  uint32_t other = 0;
};

enum class Direction : uint8_t { kForward, kBackward };

// A tree unrolled to a machine with many threads. A backward program reads
// from a match's end to its start; what it calls kStart and kEnd are the ends
// it meets first and last.
struct Program {
  std::vector<Instruction> code;
  uint32_t start = 0;
  std::vector<ByteSet> sets;
  // Bytes that no set tells apart are one class; `members` has one of each.
  std::array<uint8_t, 256> classes{};
  std::vector<uint8_t> members;
  bool has_assertions = false;
};

// kLimit if the tree takes more than kInstructionsMax.
Result<Program> Build(const Ast& ast, Direction direction);

}  // namespace vitrine::engine::regex
