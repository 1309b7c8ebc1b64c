// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "engine/regex/ast.h"
#include "engine/regex/regex.h"

namespace vitrine::engine::regex {

struct Parsed {
  Ast ast;
  // Has a quantifier, and none of the other kind: YARA refuses mixtures.
  bool greedy = false;
  bool lazy = false;
  // Has `.*`, `.+` or `.{n,}`, which make every match cost a long search.
  bool unbounded_dot = false;
  // Has an escape that stands for the letter itself, often a typing mistake.
  bool unknown_escape = false;
};

// As Compile(), to a tree.
Result<Parsed> Parse(std::string_view source, Flags flags);

}  // namespace vitrine::engine::regex
