// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "engine/regex/ast.h"
#include "engine/strings/text_code.h"

// YARA searches for atoms, up to four bytes of a string, and checks what is
// around them. Which atoms it takes shows in two ways: it warns of strings
// whose best atoms are too common, and where several matches begin at one place
// it reports the one whose atom it met first (greedy expressions: last).
namespace vitrine::engine::strings {

std::string SlowWarning(std::string_view id);

bool IsSlow(const TextCode& text);
bool IsSlow(const regex::Ast& ast, bool ascii, bool wide);
bool HasAtoms(const regex::Ast& ast);

// Puts first the alternatives whose match YARA reports, where its atoms lie in
// them; else their order stays, and the first that matches counts.
void OrderAlternatives(regex::Ast& ast, bool greedy);

}  // namespace vitrine::engine::strings
