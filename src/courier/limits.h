// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vitrine::courier {

// A try that goes on where an earlier one ended asks from a multiple of this.
// Where the connection broke is up to the mirror: the exact place would be a
// number that it gave us and that we would repeat. 1 MiB is a fraction of a
// second on the lines of today.
inline constexpr uint64_t kResumeStep = uint64_t{1} << 20;

// What of a partial file is kept: younger than this, and so many at most.
inline constexpr auto kPartAge = std::chrono::hours(7 * 24);
inline constexpr size_t kPartsMax = 64;

// Names looked at in the folder of parts.
inline constexpr size_t kNamesMax = 4096;

// Before the second round over the mirrors; twice as long before each further
// one, up to the most, and by chance between half and all of it.
inline constexpr auto kBackOffLeast = std::chrono::milliseconds(1000);
inline constexpr auto kBackOffMost = std::chrono::minutes(2);

// Over which the least rate is asked for.
inline constexpr auto kSlowTime = std::chrono::seconds(20);

// Read from whoever gives jobs in one go.
inline constexpr size_t kReadStep = 64 * 1024;

}  // namespace vitrine::courier
