// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/rich.h"

#include "base/byte_reader.h"

namespace vitrine::pe {
namespace {

constexpr uint32_t kRich = 0x68636952;  // "Rich"
constexpr uint32_t kDans = 0x536e6144;  // "DanS"
constexpr uint64_t kDosHeaderSize = 64;
constexpr uint64_t kPrefixSize = 16;  // "DanS" and three masked zeros.

void Unmask(RichHeader& rich) {
  const ByteReader raw(rich.raw);
  for (uint64_t at = 0; at + 4 <= rich.raw.size(); at += 4) {
    const uint32_t word = *raw.U32(at) ^ rich.key;
    for (int shift = 0; shift < 32; shift += 8) {
      rich.clear.push_back(static_cast<uint8_t>(word >> shift));
    }
  }
}

void ReadTools(RichHeader& rich) {
  const ByteReader clear(rich.clear);
  if (!clear.Contains(0, kPrefixSize)) return;
  ByteVector& versions = rich.versions.emplace();
  for (uint64_t at = kPrefixSize; clear.Contains(at, 8); at += 8) {
    rich.tools.push_back(
        {*clear.U16(at + 2), *clear.U16(at), *clear.U32(at + 4)});
    const Bytes version = clear.bytes().subspan(at, 4);
    versions.insert(versions.end(), version.begin(), version.end());
  }
}

}  // namespace

std::optional<RichHeader> ReadRichHeader(const Image& image) {
  const ByteReader head(Clip(image.bytes, 0, image.header_offset));
  uint64_t end = kDosHeaderSize;
  while (head.Contains(end, 8) && head.U32(end) != kRich) end += 4;
  if (!head.Contains(end, 8)) return std::nullopt;
  RichHeader rich;
  rich.key = *head.U32(end + 4);
  uint64_t start = kDosHeaderSize;
  while (start < end && head.U32(start) != (kDans ^ rich.key)) start += 4;
  if (start >= end) return std::nullopt;
  rich.offset = start;
  rich.raw = image.bytes.subspan(start, end - start);
  Unmask(rich);
  ReadTools(rich);
  return rich;
}

}  // namespace vitrine::pe
