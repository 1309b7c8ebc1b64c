// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"

// Text as signatures for target 7 see it (reference §2.2).
namespace vitrine::text {

struct Normalised {
  ByteVector bytes;
  // The text was longer than the limit: its head only was looked at.
  bool cut = false;
};

// Lower case; runs of blanks and line breaks become one blank; control
// characters and everything beyond ASCII are left out. That also makes ASCII
// of UTF-16. Looks at the first `size_max` bytes; 0: at all.
Normalised Normalise(Bytes text, uint64_t size_max);

}  // namespace vitrine::text
