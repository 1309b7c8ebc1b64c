// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::update {

// A delta file; a larger one would be no better than the database. More is
// refused.
inline constexpr size_t kDeltaSizeMax = size_t{256} << 20;

// A database, old or new. One of four million rules has 500 MB.
inline constexpr uint64_t kDatabaseSizeMax = uint64_t{1} << 30;

// Parts of a delta: a database has 25 sections, and two of them are split by
// filter.
inline constexpr uint32_t kPartsMax = 64;

// Columns of a part, and 32-bit words of its records: the widest has 22.
inline constexpr uint32_t kColumnsMax = 16;
inline constexpr uint32_t kRecordWordsMax = 64;

// Renumberings, and steps of all of them together. At 8 bytes each, more steps
// than this would be larger than what they save.
inline constexpr uint32_t kRenumberingsMax = 64;
inline constexpr uint32_t kStepsMax = 4'000'000;

// Zstandard's level for what a part adds: 12 takes 3 s for 54 MB; higher ones
// take ten times as long for less than a tenth.
inline constexpr int kDeltaLevel = 12;

}  // namespace vitrine::update
