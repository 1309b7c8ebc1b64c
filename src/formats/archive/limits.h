// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace vitrine::archive {

// Members taken from one archive; a kernel's source has 80,000. The rest is
// reported as "max-members".
inline constexpr uint64_t kEntriesMax = uint64_t{1} << 18;

// Bytes unpacked only to be thrown away, to reach the next member of a solid
// archive: a 7z of 100 KB can hold 1 GB of zeros that nobody asked for. So
// many for a byte of archive (the ratio at which a scan calls it a bomb), and
// no fewer and no more than these. What lies behind is "work-limit".
inline constexpr uint64_t kDiscardRatio = 250;
inline constexpr uint64_t kDiscardLeast = uint64_t{16} << 20;
inline constexpr uint64_t kDiscardMost = uint64_t{2} << 30;

// Times in a row that the library may say "this header was bad, try the next",
// or give no bytes of a member that has not ended. Then the member is damaged.
inline constexpr int kRetriesMax = 16;

// Longest member name kept; more is cut.
inline constexpr uint64_t kNameMax = 4096;

}  // namespace vitrine::archive
