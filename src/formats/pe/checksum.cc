// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/checksum.h"

#include "base/byte_reader.h"

namespace vitrine::pe {

uint32_t CalculateChecksum(const Image& image) {
  const uint64_t field = image.header_offset + 24 + 64;
  const Bytes bytes = image.bytes;
  uint64_t sum = 0;
  for (uint64_t at = 0; at < bytes.size(); at += 2) {
    // The field itself counts as zero.
    if (at - field < 4) continue;
    const uint32_t high = at + 1 < bytes.size() ? bytes[at + 1] : 0;
    sum += bytes[at] | high << 8;
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint32_t>(sum + bytes.size());
}

}  // namespace vitrine::pe
