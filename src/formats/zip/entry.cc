// SPDX-License-Identifier: Apache-2.0
#include "formats/zip/entry.h"

#include <algorithm>
#include <cstring>

#include "base/byte_reader.h"

namespace vitrine::zip {
namespace {

constexpr uint64_t kLocalSize = 30;
constexpr uint64_t kCentralSize = 46;
constexpr uint16_t kZip64Extra = 1;
constexpr uint32_t kInZip64 = 0xffffffff;

// Puts the 64-bit numbers of the extra field in the place of those that say
// "look there", in the order the format gives them.
void ResolveZip64(Bytes extra, Header& header) {
  const ByteReader reader(extra);
  uint64_t at = 0;
  for (;;) {
    const auto id = reader.U16(at);
    const auto size = reader.U16(at + 2);
    if (!id || !size) return;
    at += 4;
    if (*id == kZip64Extra) {
      const ByteReader fields(Clip(extra, at, *size));
      uint64_t field = 0;
      for (uint64_t* number :
           {&header.size, &header.packed_size, &header.local}) {
        if (*number != kInZip64) continue;
        const auto value = fields.U64(field);
        if (!value) return;
        *number = *value;
        field += 8;
      }
      return;
    }
    at += *size;
  }
}

}  // namespace

std::optional<Header> ParseLocal(Bytes archive, uint64_t offset) {
  const ByteReader reader(archive);
  if (reader.U32(offset) != kLocalSignature) return std::nullopt;
  const auto fixed = reader.At(offset, kLocalSize);
  if (!fixed.ok()) return std::nullopt;
  const ByteReader fields(fixed.value());
  Header header;
  header.version = *fields.U16(4);
  header.flags = *fields.U16(6);
  header.method = *fields.U16(8);
  header.time = *fields.U16(10);
  header.crc = *fields.U32(14);
  header.packed_size = *fields.U32(18);
  header.size = *fields.U32(22);
  const uint64_t name_size = *fields.U16(26);
  const uint64_t extra_size = *fields.U16(28);
  if (!reader.Contains(offset + kLocalSize, name_size + extra_size)) {
    return std::nullopt;
  }
  header.name = archive.subspan(offset + kLocalSize, name_size);
  header.data = offset + kLocalSize + name_size + extra_size;
  header.next = header.data;
  ResolveZip64(archive.subspan(offset + kLocalSize + name_size, extra_size),
               header);
  return header;
}

std::optional<Header> ParseCentral(Bytes archive, uint64_t offset) {
  const ByteReader reader(archive);
  if (reader.U32(offset) != kCentralSignature) return std::nullopt;
  const auto fixed = reader.At(offset, kCentralSize);
  if (!fixed.ok()) return std::nullopt;
  const ByteReader fields(fixed.value());
  Header header;
  header.version = *fields.U16(6);
  header.flags = *fields.U16(8);
  header.method = *fields.U16(10);
  header.time = *fields.U16(12);
  header.crc = *fields.U32(16);
  header.packed_size = *fields.U32(20);
  header.size = *fields.U32(24);
  header.local = *fields.U32(42);
  const uint64_t name_size = *fields.U16(28);
  const uint64_t extra_size = *fields.U16(30);
  const uint64_t comment_size = *fields.U16(32);
  const uint64_t name_at = offset + kCentralSize;
  header.name = Clip(archive, name_at, name_size);
  ResolveZip64(Clip(archive, name_at + name_size, extra_size), header);
  header.next = name_at + name_size + extra_size + comment_size;
  return header;
}

std::optional<uint64_t> FindSignature(Bytes archive, uint64_t from, uint64_t to,
                                      uint32_t signature) {
  const Bytes range =
      Clip(archive.first(std::min<uint64_t>(to, archive.size())), from,
           archive.size());
  const void* found = range.empty() ? nullptr
                                    : memmem(range.data(), range.size(),
                                             &signature, sizeof signature);
  if (found == nullptr) return std::nullopt;
  return from + static_cast<uint64_t>(static_cast<const uint8_t*>(found) -
                                      range.data());
}

}  // namespace vitrine::zip
