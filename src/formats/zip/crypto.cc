// SPDX-License-Identifier: Apache-2.0
#include "formats/zip/crypto.h"

#include <algorithm>

namespace vitrine::zip {
namespace {

constexpr std::array<uint32_t, 256> MakeCrcTable() {
  std::array<uint32_t, 256> table = {};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value >> 1) ^ ((value & 1) != 0 ? 0xedb88320U : 0U);
    }
    table[i] = value;
  }
  return table;
}

constexpr std::array<uint32_t, 256> kCrcTable = MakeCrcTable();

uint32_t CrcStep(uint32_t crc, uint8_t byte) {
  return (crc >> 8) ^ kCrcTable[(crc ^ byte) & 0xff];
}

}  // namespace

Cipher::Cipher(std::string_view password) {
  for (const char c : password) Stir(static_cast<uint8_t>(c));
}

uint8_t Cipher::Decrypt(uint8_t byte) {
  const uint32_t mask = (keys_[2] & 0xffff) | 2;
  const auto plain =
      static_cast<uint8_t>(byte ^ ((mask * (mask ^ 1)) >> 8 & 0xff));
  Stir(plain);
  return plain;
}

ByteVector Cipher::Decrypt(Bytes bytes) {
  ByteVector plain(bytes.size());
  std::transform(bytes.begin(), bytes.end(), plain.begin(),
                 [this](uint8_t byte) { return Decrypt(byte); });
  return plain;
}

void Cipher::Stir(uint8_t plain) {
  keys_[0] = CrcStep(keys_[0], plain);
  keys_[1] = (keys_[1] + (keys_[0] & 0xff)) * 134775813 + 1;
  keys_[2] = CrcStep(keys_[2], static_cast<uint8_t>(keys_[1] >> 24));
}

}  // namespace vitrine::zip
