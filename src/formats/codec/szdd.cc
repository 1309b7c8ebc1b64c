// SPDX-License-Identifier: Apache-2.0
// The format of Microsoft's COMPRESS.EXE: LZSS with a ring of 4,096 bytes that
// starts full of blanks.
#include <array>

#include "base/byte_reader.h"
#include "formats/codec/decode.h"
#include "formats/codec/limits.h"

namespace vitrine::codec {
namespace {

constexpr uint64_t kMagic = 0x3327f08844445a53;  // "SZDD\x88\xf0\x27\x33"
constexpr uint64_t kHeader = 14;
constexpr size_t kRing = 4096;

}  // namespace

Decoded Szdd(const Input& input) {
  Decoded decoded{Output(input.allowance), End::kWhole, 0};
  const ByteReader reader(input.bytes);
  const auto size = reader.U32(10);
  if (!size || reader.U64(0) != kMagic) {
    decoded.end = size ? End::kDamaged : End::kTruncated;
    return decoded;
  }
  std::array<uint8_t, kRing> ring;
  ring.fill(' ');
  size_t ring_at = kRing - 16;
  uint64_t at = kHeader;
  uint64_t made = 0;
  const auto put = [&](uint8_t byte) {
    ring[ring_at] = byte;
    ring_at = (ring_at + 1) % kRing;
    ++made;
    return decoded.out.Append(byte);
  };
  while (made < *size) {
    const auto flags = reader.U8(at++);
    if (!flags) {
      decoded.end = End::kTruncated;
      break;
    }
    for (unsigned bit = 0; bit < 8 && made < *size; ++bit) {
      bool fits = true;
      if ((*flags >> bit) & 1) {
        const auto byte = reader.U8(at++);
        if (!byte) break;  // Seen again as missing flags.
        fits = put(*byte);
      } else {
        const auto pair = reader.U16(at);
        at += 2;
        if (!pair) break;
        size_t from = (*pair & 0xff) | ((*pair >> 4) & 0xf00);
        const size_t length = ((*pair >> 8) & 0x0f) + 3;
        for (size_t i = 0; i < length && fits && made < *size; ++i) {
          fits = put(ring[from]);
          from = (from + 1) % kRing;
        }
      }
      if (!fits) {
        decoded.end = decoded.out.out_of_memory() ? End::kMemory : End::kCut;
        return decoded;
      }
    }
  }
  decoded.consumed = at < input.bytes.size() ? at : input.bytes.size();
  return decoded;
}

}  // namespace vitrine::codec
