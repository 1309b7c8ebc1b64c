// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/strings/expr_code.h"

namespace vitrine::engine::strings {

// What stands between the braces, comments and line breaks included. kInvalid
// with YARA's words.
Result<std::vector<Segment>> ParseHex(std::string_view body);

}  // namespace vitrine::engine::strings
