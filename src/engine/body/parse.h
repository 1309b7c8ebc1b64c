// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "engine/body/ast.h"

namespace vitrine::engine::body {

// What the letters after `::` and the target change about reading.
struct Form {
  bool modified = false;  // Any letter was given.
  bool nocase = false;
  bool wide = false;  // A 00 follows each byte, but not each gap.
  bool fullword = false;
  // Targets 0, 1, 4 and 7: clamscan wants more in front of alternatives.
  bool long_anchor = true;
};

// The parts of a pattern's hex text, or kInvalid where clamscan refuses it.
Result<Variant> Parse(std::string_view hex, const Form& form);

}  // namespace vitrine::engine::body
