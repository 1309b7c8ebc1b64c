// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/body/ast.h"
#include "engine/body/body.h"

namespace vitrine::engine::body {

// The forms that the letters after `::` make of a pattern.
std::vector<Variant> Modify(const Variant& plain, const Modifiers& modifiers);

}  // namespace vitrine::engine::body
