// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "base/result.h"

// Single Zstandard frames whose size is known, with another text as the one
// that they may repeat. For what we make ourselves; decode.h is for what is
// found.
namespace vitrine::codec {

// Compresses for small size: level 1 to 22. `prefix` may be empty, and is of no
// use where it shares memory with `bytes`. The bytes
// depend on the input and on the library's version. kLimit for more than 1 GiB
// of both together.
Result<ByteVector> PackFrame(Bytes bytes, Bytes prefix, int level);

// Fills `out` to its end. kInvalid where `frame` is not exactly one frame that
// does so.
Status UnpackFrame(Bytes frame, Bytes prefix, std::span<uint8_t> out);

}  // namespace vitrine::codec
