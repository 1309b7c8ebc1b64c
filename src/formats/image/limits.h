// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace vitrine::image {

// Pixels of a picture that we decode, 6 bytes each in a progressive JPEG. Most
// phones take 12 million, mail and documents carry far fewer. Beyond:
// kLimit, no hash.
inline constexpr uint64_t kPixelsMax = uint64_t{1} << 24;

// Scans of a progressive JPEG, each a pass over all pixels. Encoders make
// about ten; a thousand make a small file cost minutes. Beyond: kLimit.
inline constexpr int kJpegScansMax = 64;

// Chunks, segments, blocks or directories of a file whose structure we check.
// A picture of 10 MB in PNG chunks of 8 KB has 1,200. Beyond: not checked on.
inline constexpr uint32_t kPiecesMax = 100000;

}  // namespace vitrine::image
