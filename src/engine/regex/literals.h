// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/ir/program.h"
#include "engine/regex/ast.h"

namespace vitrine::engine::regex {

// Sets of literals of which every match holds at least one, the most telling
// first. `wide`: each byte of the expression stands for itself and a zero.
// Empty if the expression insists on no literal.
std::vector<ir::AtomChoice> Literals(const Ast& ast, bool wide);

// How telling a choice is; greater is better. Ranks choices of one pattern,
// where the compiler has no frequencies at hand.
int Weight(const ir::AtomChoice& choice);

// Bytes a match can begin with; all of them if it can be empty.
ByteSet FirstBytes(const Ast& ast);

}  // namespace vitrine::engine::regex
