// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vitrine::publisher {

// Releases whose files stay listed: clients keep five databases to go back to.
inline constexpr size_t kReleasesKept = 5;

// Deltas that a release brings: from as many databases before it. Making one
// takes 4 s; who is further behind fetches the whole.
inline constexpr size_t kDeltasMade = 3;

// Zstandard's level for databases and sources: 12 takes 6 s for 54 MB; 19 takes
// a minute and saves a twelfth.
inline constexpr int kReleaseLevel = 12;

// A target, unpacked: what a database may have (update/delta/limits.h).
inline constexpr uint64_t kUnpackedMax = uint64_t{1} << 30;

// Days for which what we sign is valid; the profile's own bounds.
inline constexpr int64_t kSecondsADay = 86'400;
inline constexpr int64_t kRootDays = 365;
inline constexpr int64_t kDatabaseDays = 7;
inline constexpr int64_t kPolicyDays = 180;
inline constexpr int64_t kSnapshotDays = 7;
inline constexpr int64_t kTimestampDays = 1;

// Bytes of a small text of ours: an origin, a policy.
inline constexpr uint64_t kTextMax = 256 * 1024;

// For a witness's answer, a mirror's among them, which copies first; for any
// other request of ours.
inline constexpr auto kWitnessTime = std::chrono::minutes(5);
inline constexpr auto kFetchTime = std::chrono::minutes(10);

}  // namespace vitrine::publisher
