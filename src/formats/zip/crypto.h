// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace vitrine::zip {

// Size of the random header in front of encrypted data.
inline constexpr uint64_t kCryptHeader = 12;

// The traditional cipher (APPNOTE 6.1): three 32-bit keys that each byte of
// plain text stirs.
class Cipher {
 public:
  explicit Cipher(std::string_view password);

  uint8_t Decrypt(uint8_t byte);
  ByteVector Decrypt(Bytes bytes);

 private:
  void Stir(uint8_t plain);

  std::array<uint32_t, 3> keys_ = {0x12345678, 0x23456789, 0x34567890};
};

}  // namespace vitrine::zip
