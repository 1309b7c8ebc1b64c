// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::engine::match {

// Positions the filter looks at before their candidates are worked off: small
// enough that bytes and candidates stay in the first-level cache. The deadline
// is looked at every kBlocksPerClock blocks (a few hundred microseconds).
inline constexpr uint32_t kBlockSize = 8192;
inline constexpr uint32_t kBlocksPerClock = 64;

// Positions whose table lines are fetched ahead: enough to hide a miss, few
// enough that the lines are still there when they are read.
inline constexpr size_t kPrefetched = 32;

// Places kept at which an expression may begin in a view. With more, it is
// searched for when its rule asks.
inline constexpr size_t kPlacesMax = 256;

// Memory of the expressions kept ready over views: hundreds of ordinary ones.
// With more, all are made anew when next asked for.
inline constexpr size_t kExpressionBytesMax = 8 << 20;

}  // namespace vitrine::engine::match
