// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace vitrine::zip {

// General purpose flag bits (APPNOTE 4.4.4).
inline constexpr uint16_t kFlagEncrypted = 1;
inline constexpr uint16_t kFlagDescriptor = 8;

// Compression methods (APPNOTE 4.4.5).
enum Method : uint16_t {
  kStore = 0,
  kShrink = 1,
  kImplode = 6,
  kDeflate = 8,
  kDeflate64 = 9,
  kBzip2 = 12,
  kLzma = 14,
  kZstdOld = 20,
  kZstd = 93,
  kXz = 95,
  kAes = 99,  // Encrypted; the real method is in an extra field.
};

// What a header says of a member. The directory and the local header each
// have one, and they need not agree.
struct Header {
  uint16_t version = 0;
  uint16_t flags = 0;
  uint16_t method = 0;
  uint16_t time = 0;
  uint32_t crc = 0;
  uint64_t packed_size = 0;
  uint64_t size = 0;
  Bytes name;
  uint64_t data = 0;   // Local only: offset of the data.
  uint64_t local = 0;  // Directory only: offset of the local header.
  uint64_t next = 0;   // Offset behind the header.
};

// One member: as the directory has it, as its local header has it, or both.
struct Entry {
  uint64_t local_offset = 0;
  std::optional<Header> central;
  std::optional<Header> local;
};

// The header at `offset`, with its ZIP64 fields resolved; nullopt if there is
// none or it ends after the file.
std::optional<Header> ParseLocal(Bytes archive, uint64_t offset);
std::optional<Header> ParseCentral(Bytes archive, uint64_t offset);

// The next `signature` ("PK\3\4" and such, little-endian) at or after `from`
// and before `to`.
std::optional<uint64_t> FindSignature(Bytes archive, uint64_t from, uint64_t to,
                                      uint32_t signature);

inline constexpr uint32_t kLocalSignature = 0x04034b50;
inline constexpr uint32_t kCentralSignature = 0x02014b50;
inline constexpr uint32_t kDescriptorSignature = 0x08074b50;

}  // namespace vitrine::zip
