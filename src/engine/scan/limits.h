// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::engine::scan {

// Objects this small match no ClamAV signature; clamscan's rule.
inline constexpr size_t kClamavSizeLeast = 6;

// Matches reported of one string. A rule that holds because of a million
// spaces says as much with these; the verdict does not depend on it.
inline constexpr size_t kReportedMatchesMax = 10000;

// Alerts and limits kept of one input, so that a hostile archive cannot fill
// the memory with them. Beyond it one last limit says "too-many-findings".
inline constexpr size_t kAlertsMax = 100000;
inline constexpr size_t kLimitsMax = 10000;

// Memory of the conditions' expressions kept ready: hundreds of ordinary ones.
// With more, all are made anew when next asked for.
inline constexpr size_t kConditionExpressionBytesMax = 8 << 20;

// Unpacked members nest at most this deep whatever max-recursion says: each
// level costs stack.
inline constexpr uint32_t kDepthMax = 100;

// Bytes of an object's path in a report; longer ones are cut.
inline constexpr size_t kPathMax = 4096;

}  // namespace vitrine::engine::scan
