// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace vitrine::cli {

// A point in time as a person writes it, in nanoseconds since 1970, UTC:
//   "90s", "15m", "2h", "7d", "2w"    so long before `now_ns`
//   "2026-11-28", "2026-11-28T06:30", "2026-11-28T06:30:15"
//                                     local time, or UTC with a Z behind
//   "@1790000000"                     seconds since 1970
// nullopt for anything else.
std::optional<int64_t> ParseTime(std::string_view text, int64_t now_ns);

}  // namespace vitrine::cli
