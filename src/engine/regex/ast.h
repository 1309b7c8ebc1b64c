// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/code.h"
#include "base/result.h"
#include "engine/regex/byte_set.h"

// An expression as a tree: made by the parser (and by the hex strings of
// engine/strings), turned into programs and literals. It is also what is
// stored: programs are much larger than the trees they come from, and quickly
// built.
namespace vitrine::engine::regex {

enum class Kind : uint8_t {
  kEmpty,      // Matches nothing, anywhere.
  kSet,        // One byte of a set.
  kConcat,     // Children one after the other.
  kAlternate,  // One of the children, earlier ones preferred.
  kRepeat,     // The child min to max times.
  kStart,      // ^
  kEnd,        // $
  kWord,       // \b
  kNotWord,    // \B
};

inline constexpr uint32_t kUnbounded = UINT32_MAX;

struct Node {
  Kind kind = Kind::kEmpty;
  ByteSet set;
  bool is_class = false;  // Written in brackets; not stored.
  uint32_t min = 0;
  uint32_t max = 0;    // Or kUnbounded.
  bool greedy = true;  // Prefers more repetitions to fewer.
  std::vector<uint32_t> children;
};

// Nodes by number. Children come before their parents.
struct Ast {
  std::vector<Node> nodes;
  uint32_t root = 0;

  uint32_t Add(Node node);
  uint32_t AddSet(const ByteSet& set);
  uint32_t AddLeaf(Kind kind);
  // A list of one is that one.
  uint32_t AddList(Kind kind, std::vector<uint32_t> children);
  uint32_t AddRepeat(uint32_t child, uint32_t min, uint32_t max, bool greedy);
};

// How long a match of node `index` can be, in units; kUnbounded if any length.
struct Width {
  uint32_t min = 0;
  uint32_t max = 0;
};
// One a node.
std::vector<Width> Widths(const Ast& ast);

void Encode(const Ast& ast, CodeWriter& out);
// `code` may be hostile: kInvalid. The tree is no deeper and no larger than
// what the parser makes.
Result<Ast> Decode(CodeReader& code);

}  // namespace vitrine::engine::regex
