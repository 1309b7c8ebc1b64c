// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "engine/yara/ast.h"

// What ClamAV makes of YARA (reference §2.9).
namespace vitrine::engine::yara {

// Whether a hex string has, between any two jumps, two plain bytes in a row:
// ClamAV refuses the whole file otherwise.
bool HasNoSingleBytes(std::string_view hex);

// Whether a text string is too short for ClamAV, which drops the rule.
bool IsTooShort(const StringDecl& string);

}  // namespace vitrine::engine::yara
