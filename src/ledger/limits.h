// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::ledger {

// Bytes of one request in the ledger; kLimit above it, and so not sent. Quoted
// they take three times as much at worst.
inline constexpr size_t kRequestBytesMax = size_t{256} << 10;

// Bytes of a destination, target, reason, ... as text; kLimit above it.
inline constexpr size_t kTextMax = 8192;

// One line, its end included: a reader takes longer ones for damage.
inline constexpr size_t kLineMax = size_t{1} << 20;

// A segment that has as many bytes gets no further record. A reader holds one
// in memory.
inline constexpr uint64_t kSegmentBytes = uint64_t{4} << 20;

// A reader looks no further into a segment; ours are kSegmentBytes and a line
// at most.
inline constexpr uint64_t kSegmentReadMax = uint64_t{16} << 20;

// Bytes of all segments; the oldest goes when there are more. At 1 KiB a
// request and one an hour that is six years.
inline constexpr uint64_t kTotalBytes = uint64_t{50} << 20;

// Names looked at in the ledger's folder.
inline constexpr size_t kNamesMax = 4096;

// Damaged segments that are kept aside; a further one replaces none and is
// only noted.
inline constexpr size_t kAsideMax = 8;

}  // namespace vitrine::ledger
