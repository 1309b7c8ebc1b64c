// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "engine/compile/rarity.h"
#include "engine/ir/program.h"
#include "engine/vdb/format.h"

namespace vitrine::engine::compile {

// A literal, cut to what an atom holds, with what it is noticed by: a pair
// where `bytes` has under four bytes; else two quads in a row, since only every
// second place is looked at. Four bytes have but one; the other begins a byte
// before them, which may be any.
struct Atom {
  struct Gram {
    int8_t window = 0;  // From -1.
    uint8_t check = 0;  // Of the quad looked at next.
  };

  ByteVector bytes;
  bool nocase = false;
  int32_t offset = ir::kVaries;
  std::vector<Gram> grams;
};

// The atoms that stand for a pattern in one filter class: every match of it
// holds one of them.
struct AtomSet {
  std::vector<Atom> atoms;
  // Expected candidates in 2^32 bytes; infinite where the pattern has no
  // literal of two bytes that is rare enough, and can only be searched for.
  double cost = 0;
  bool usable() const;
  // Whether one of them has four bytes or less, which costs what it costs
  // however rare it is.
  bool is_dear() const;
};

// The cheapest choice of `pattern`, for each filter class.
std::array<AtomSet, vdb::kFilterClasses> ChooseAtoms(const ir::Pattern& pattern,
                                                     const Rarity& rarity);

}  // namespace vitrine::engine::compile
