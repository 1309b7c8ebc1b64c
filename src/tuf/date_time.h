// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vitrine::tuf {

// Seconds since 1970, UTC.
using Time = int64_t;

// "YYYY-MM-DDTHH:MM:SSZ" of the years 1970 to 9999 and no other spelling;
// nullopt for days that no calendar has and for leap seconds.
std::optional<Time> ParseDateTime(std::string_view text);

// The same spelling; `time` within those years.
std::string FormatDateTime(Time time);

}  // namespace vitrine::tuf
