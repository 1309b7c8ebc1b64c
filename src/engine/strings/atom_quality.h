// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "engine/regex/ast.h"
#include "engine/strings/text_code.h"

// Whether YARA would warn that a string slows scans down: it looks for four
// bytes of a string, and warns if the best four it can find are too common.
namespace vitrine::engine::strings {

std::string SlowWarning(std::string_view id);

bool IsSlow(const TextCode& text);
bool IsSlow(const regex::Ast& ast, bool ascii, bool wide);

}  // namespace vitrine::engine::strings
