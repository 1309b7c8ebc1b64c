// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace vitrine::crypto {

// The CRC-32 of zip, gzip and PNG (ISO 3309; polynomial edb88320 reflected).
// `crc`: of the bytes before these, for input that comes in pieces.
uint32_t Crc32(Bytes bytes, uint32_t crc = 0);

}  // namespace vitrine::crypto
