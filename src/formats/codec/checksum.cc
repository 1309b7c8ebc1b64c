// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/checksum.h"

#include <libdeflate.h>

namespace vitrine::codec {

uint32_t Crc32(Bytes bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

}  // namespace vitrine::codec
