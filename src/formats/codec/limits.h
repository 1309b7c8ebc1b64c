// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace vitrine::codec {

// First allocation of an output whose size nothing trustworthy tells. It then
// doubles up to the allowance, which is the caller's to set.
inline constexpr uint64_t kFirstOutput = uint64_t{64} << 10;

// How far a claimed size is believed before the data has proved it: this many
// times the input. Beyond it the output starts here and grows as it fills.
inline constexpr uint64_t kHintRatio = 16;

// What DEFLATE can reach (a 258-byte match in two bits): a claim above it is a
// lie and is not believed at all.
inline constexpr uint64_t kDeflateRatioMax = 1032;

// Output made between two looks at the deadline: about 10 ms of the slowest
// decoder. At the deadline the output ends there.
inline constexpr uint64_t kStepBytes = uint64_t{4} << 20;

// Memory a dictionary may take. xz -9 needs 65 MiB, zstd --ultra 128 MiB. A
// stream that wants more is reported as kMemory and not unpacked.
inline constexpr uint64_t kDictionaryMax = uint64_t{160} << 20;
inline constexpr int kZstdWindowLogMax = 27;

// Bytes of a frame of our own and of what it may repeat, together: the window
// has 2^30 bytes at most. More is refused when it is made.
inline constexpr uint64_t kFrameReachMax = uint64_t{1} << 30;

// Streams one after the other in one .gz or .bz2 between two looks at the
// deadline.
inline constexpr uint32_t kMembersPerLook = 256;

// Longest file name taken from a gzip header; the rest of it is dropped.
inline constexpr uint64_t kNameMax = 1024;

}  // namespace vitrine::codec
