// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::publisher {

// Entries of a log that one of our tools holds in memory (their hashes: 32
// bytes each). An hourly release for a century has 900,000. Beyond: refused.
inline constexpr uint64_t kLogEntriesMax = uint64_t{1} << 24;

// Times that one witness is asked for one checkpoint: once, and again with the
// size that it says it knows.
inline constexpr int kWitnessTries = 2;

}  // namespace vitrine::publisher
