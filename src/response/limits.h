// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vitrine::response {

// A file changed this short a time ago may change again without its time of
// change telling: clocks of file systems tick each 4 to 10 ms.
inline constexpr auto kTimeGrain = std::chrono::milliseconds(50);

// All scanners have changed to a new database by then, or are stuck in a sample
// and answer that one by the old.
inline constexpr auto kChangeOver = std::chrono::milliseconds(2000);

// Found files that wait for an action, each with a descriptor. More are told,
// and stay refused.
inline constexpr size_t kActionsMax = 1024;
// Files taken last, by which a second finding of one is known. As many as may
// wait, and some.
inline constexpr size_t kHandledMax = 2 * kActionsMax;
// Between two looks at the quarantine's age and size.
inline constexpr auto kRetainPause = std::chrono::minutes(10);

// Trusted content larger than this is not recognised: it would have to be
// hashed while somebody waits for its open.
inline constexpr uint64_t kTrustedSizeMax = uint64_t{256} << 20;

}  // namespace vitrine::response
