// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "engine/yara/ast.h"

namespace vitrine::engine::yara {

// How dear an expression is to evaluate, for ordering operands: the dearest
// part counts, not their number.
enum class Cost : uint8_t {
  kNothing,  // Constants, filesize, integers at an offset.
  kFound,    // Whether a string was found at all: mostly known already.
  kMatches,  // Where strings were found; other rules.
  kModule,   // A module's data, which may have to be parsed first.
  kSearch,   // Where an expression or a hex string has to be searched for.
  kHeavy,    // Functions, regular expressions, loops.
};
// `rule` is the one that `expr` is of.
Cost CostOf(const Expr& expr, const RuleDecl& rule);

// Evaluating it does more than yield a value (console.log).
bool HasEffect(const Expr& expr);

}  // namespace vitrine::engine::yara
