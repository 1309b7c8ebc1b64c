// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"

namespace vitrine::image {

// The hash that `fuzzy_img#` signatures name: a 64-bit perceptual hash of the
// picture (reference §2.5); its hex spelling is the number's, most significant
// digit first. Decodes PNG, JPEG, GIF and plain BMP. kInvalid for other kinds
// and for broken pictures, kLimit for one too large.
Result<uint64_t> FuzzyHash(Bytes image);

}  // namespace vitrine::image
