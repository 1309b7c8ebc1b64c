// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vitrine::update {

// The versions of roles' metadata that the database in use came with, by role:
//
//     db 7
//     root 1
using Held = std::map<std::string, uint64_t, std::less<>>;

// kInvalid for what FormatHeld() would not have written.
Result<Held> ParseHeld(std::string_view text);
std::string FormatHeld(const Held& held);

}  // namespace vitrine::update
