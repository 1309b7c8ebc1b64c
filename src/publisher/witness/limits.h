// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::publisher {

// Logs that one witness watches, and bytes of the file that names them.
inline constexpr size_t kWatchedLogsMax = 1024;
inline constexpr size_t kLogsFileMax = size_t{1} << 20;

// Keys of one log: an old and a new one while it changes them.
inline constexpr size_t kLogKeysMax = 8;

// A clock before 2025 was never set. A witness's word is its time, so it does
// not cosign then.
inline constexpr uint64_t kClockLeast = 1'735'689'600;

}  // namespace vitrine::publisher
