// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "engine/body/ast.h"

namespace vitrine::engine::body {

// The parts of a pattern's hex text, plain (no modifiers), or kInvalid where
// clamscan refuses it.
Result<Variant> Parse(std::string_view hex);

}  // namespace vitrine::engine::body
