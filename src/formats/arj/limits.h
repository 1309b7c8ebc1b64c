// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace vitrine::arj {

// Members taken from one archive; a header has at least 40 bytes. The rest is
// reported as "max-members".
inline constexpr uint64_t kEntriesMax = uint64_t{1} << 18;

// The format's own bounds of a header's size.
inline constexpr uint16_t kHeaderMin = 30;
inline constexpr uint16_t kHeaderMax = 2600;

// Extended headers after one header. No program writes any.
inline constexpr int kExtendedMax = 64;

}  // namespace vitrine::arj
