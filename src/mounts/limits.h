// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace vitrine::mounts {

// The kernel's own table of mounts has a limit of 100,000 a namespace
// (fs.mount-max). A longer table is refused.
inline constexpr size_t kMountsMax = 100000;

// Bytes of a table, which may hold so many. Longer ones are not looked at, and
// whoever asked says so.
inline constexpr size_t kMountTableBytes = size_t{32} << 20;

}  // namespace vitrine::mounts
