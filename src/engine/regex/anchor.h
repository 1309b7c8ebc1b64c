// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/regex/ast.h"
#include "engine/regex/byte_set.h"

namespace vitrine::engine::regex {

// A stretch of an expression that is there in every match, as long in each: a
// search looks for it and tries the places from which it can be reached.
struct Anchor {
  std::vector<ByteSet> sets;  // Of the object's bytes; neither end is "any".
  // Bytes of a match that lie before it.
  uint64_t before_min = 0;
  uint64_t before_max = 0;
  // Expected nanoseconds that working off its hits takes, by byte searched.
  double cost = 0;
};

// The cheapest; nullopt where none is cheaper than a pass of an automaton.
// `wide`: each byte of the expression stands for itself and a zero.
std::optional<Anchor> FindAnchor(const Ast& ast, bool wide);

}  // namespace vitrine::engine::regex
