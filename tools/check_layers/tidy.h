// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "check_layers/tree.h"

namespace vitrine::house {

// Where a file or a function has grown too long to be read (STYLE).
inline constexpr int kFileLinesMax = 800;
inline constexpr int kFunctionLinesMax = 70;
inline constexpr int kMainLinesMax = 150;

// Licence lines, lengths, banned calls, paths of somebody's machine, and test
// files that must not lie about bare.
Complaints CheckTidy(const Tree& tree);

}  // namespace vitrine::house
