// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "engine/compile/rarity.h"
#include "engine/ir/program.h"
#include "engine/vdb/format.h"

namespace vitrine::engine::compile {

// A literal, cut to what an atom holds, with the gram it is noticed by.
struct Atom {
  ByteVector bytes;
  bool nocase = false;
  int32_t offset = ir::kVaries;
  uint8_t window = 0;  // Of the gram: 4 bytes, or 2 where `bytes` has under 4.
  uint8_t check = 0;   // Of the quad looked at next, where there is one.
};

// The atoms that stand for a pattern in one filter class: every match of it
// holds one of them.
struct AtomSet {
  std::vector<Atom> atoms;
  // Expected candidates in 2^32 bytes; infinite where the pattern has no
  // literal of two bytes that is rare enough, and can only be searched for.
  double cost = 0;
  bool usable() const;
  // Whether one of them is noticed by a pair of bytes.
  bool has_short() const;
};

// The cheapest choice of `pattern`, for each filter class.
std::array<AtomSet, vdb::kFilterClasses> ChooseAtoms(const ir::Pattern& pattern,
                                                     const Rarity& rarity);

}  // namespace vitrine::engine::compile
