// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/deadline.h"
#include "formats/codec/output.h"

// Compressed bytes to bytes: one function a method, all alike. None trusts a
// claimed size, none makes more than it is allowed, and all hand back what
// came out before things went wrong.
namespace vitrine::codec {

struct Input {
  Bytes bytes;
  uint64_t allowance = 0;  // Bytes of output that may be made.
  uint64_t expected = 0;   // Claimed size of the output; 0 unknown.
  Deadline deadline;
};

enum class End : uint8_t {
  kWhole,      // The stream came to its own end.
  kCut,        // There is more than the allowance.
  kTruncated,  // The input ended first.
  kDamaged,    // The input breaks the format, or its checksum is wrong.
  kMemory,     // It wants a larger dictionary than we give.
  kDeadline,
};

// "truncated", "damaged", ... as MemberSink::OnSkipped() takes it. "whole" and
// "cut" for those two.
const char* EndName(End end);

struct Decoded {
  Output out;
  End end;
  uint64_t consumed;  // Bytes of input up to the end of the stream.
};

Decoded Deflate(const Input& input);  // Bare RFC 1951.
Decoded Zlib(const Input& input);     // RFC 1950; a wrong checksum is kDamaged.
Decoded Gzip(const Input& input);     // Every member, joined.
Decoded Deflate64(const Input& input);
Decoded Bzip2(const Input& input);      // Every stream, joined.
Decoded Xz(const Input& input);         // Every stream, joined.
Decoded LzmaAlone(const Input& input);  // With the 13-byte header.
// As in ZIP (method 14): two bytes version, two bytes size of properties, the
// properties, data. `expected` 0 means an end marker is there.
Decoded LzmaZip(const Input& input);
Decoded Zstd(const Input& input);      // Every frame, joined.
Decoded Lz4(const Input& input);       // Frames, new and legacy, joined.
Decoded Compress(const Input& input);  // .Z
Decoded Szdd(const Input& input);      // With the header of COMPRESS.EXE.

// ZIP methods 1 and 6. They have no end of their own: `expected` is it.
Decoded Shrink(const Input& input);
struct ImplodeFlags {
  bool window_8k = false;
  bool literal_tree = false;
};
Decoded Implode(const Input& input, ImplodeFlags flags);

// ARJ methods 1 to 3, and 4 ("fastest"). `expected` is the end here, too.
Decoded ArjLzh(const Input& input);
Decoded ArjFastest(const Input& input);

}  // namespace vitrine::codec
