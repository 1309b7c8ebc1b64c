// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace vitrine::codec {

// The CRC-32 of ZIP, gzip and many others.
uint32_t Crc32(Bytes bytes);

}  // namespace vitrine::codec
