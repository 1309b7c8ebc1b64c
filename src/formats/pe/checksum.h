// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "formats/pe/pe.h"

namespace vitrine::pe {

// What the header's `checksum` should be: a sum over the whole file. Reads
// every byte of it.
uint32_t CalculateChecksum(const Image& image);

}  // namespace vitrine::pe
