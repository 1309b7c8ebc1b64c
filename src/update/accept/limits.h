// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::update {

// Roles that the log may speak of, and versions of each that are remembered:
// as many as a TUF client follows root rotations, and a week of hourly
// databases. Older versions are forgotten.
inline constexpr size_t kLogRolesMax = 64;
inline constexpr size_t kLogVersionsMax = 256;

// The kept state: by those, and the signed checkpoint in it. More is kLimit.
inline constexpr size_t kLogViewSizeMax = size_t{4} << 20;

// How long a publisher may take between logging a version and offering it.
inline constexpr uint64_t kOfferSeconds = 2 * 3600;

// What is strange about a log is told so many times at one update.
inline constexpr size_t kAlertsMax = 64;

}  // namespace vitrine::update
