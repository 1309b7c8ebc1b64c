// SPDX-License-Identifier: Apache-2.0
#include "crypto/crc32.h"

#include <array>
#include <cstddef>

#include "base/byte_reader.h"

namespace vitrine::crypto {
namespace {

constexpr size_t kSlices = 8;
using Tables = std::array<std::array<uint32_t, 256>, kSlices>;

// Table k gives what a byte does to the register k bytes later.
constexpr Tables MakeTables() {
  Tables tables{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
    }
    tables[0][byte] = crc;
  }
  for (size_t k = 1; k < kSlices; ++k) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t crc = tables[k - 1][byte];
      tables[k][byte] = (crc >> 8) ^ tables[0][crc & 0xff];
    }
  }
  return tables;
}

constexpr Tables kTables = MakeTables();

}  // namespace

uint32_t Crc32(Bytes bytes, uint32_t crc) {
  crc = ~crc;
  const ByteReader reader(bytes);
  uint64_t at = 0;
  while (bytes.size() - at >= kSlices) {
    const uint64_t word = *reader.U64(at) ^ crc;
    crc = 0;
    for (size_t k = 0; k < kSlices; ++k) {
      crc ^= kTables[kSlices - 1 - k][(word >> (8 * k)) & 0xff];
    }
    at += kSlices;
  }
  for (; at < bytes.size(); ++at) {
    crc = (crc >> 8) ^ kTables[0][(crc ^ bytes[at]) & 0xff];
  }
  return ~crc;
}

}  // namespace vitrine::crypto
