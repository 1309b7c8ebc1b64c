// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace vitrine::engine::body {

// What stands in `{...}` or `[...]`.
struct Gap {
  uint32_t min = 0;
  uint32_t max = 0;     // 0: no limit.
  bool single = false;  // One number without a dash.
  bool open = false;    // Nothing before the dash.
};

// As lenient with numbers as clamscan: nothing is 0, blanks and a sign may
// stand before the digits, and what does not fit is cut to 32 bits.
Result<Gap> ParseGap(std::string_view text);

}  // namespace vitrine::engine::body
