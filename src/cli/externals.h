// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "engine/yara/yara.h"

namespace vitrine::cli {

// "NAME=VALUE" with the value typed as yara types it: an integer, a decimal
// fraction, true or false, and text for all else.
Result<std::pair<std::string, engine::yara::External>> ParseDefine(
    std::string_view argument);

}  // namespace vitrine::cli
