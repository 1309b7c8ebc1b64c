// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vitrine::house {

struct Function {
  std::string name;  // As far as it can be told; for people.
  int line = 0;      // Where it begins, from 1.
  int lines = 0;     // From there to its closing brace, both included.
};

// The function bodies of a C++ source. Not a parser: it follows braces and
// believes the formatter, which sets a blank before the brace of a body and
// none before the brace of an initialiser. Lambdas count as part of the
// function they stand in. Takes what WithoutLiterals() gives.
std::vector<Function> FunctionsOf(std::string_view blanked);

}  // namespace vitrine::house
