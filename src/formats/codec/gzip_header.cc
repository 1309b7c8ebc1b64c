// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/gzip_header.h"

#include <cstring>

#include "base/byte_reader.h"
#include "formats/codec/limits.h"

namespace vitrine::codec {
namespace {

constexpr uint8_t kHeaderCrc = 2;
constexpr uint8_t kExtra = 4;
constexpr uint8_t kName = 8;
constexpr uint8_t kComment = 16;

// The text up to the zero byte at or after `at`, which moves behind it.
Result<Bytes> TakeText(Bytes bytes, uint64_t& at) {
  const Bytes rest = Clip(bytes, at, bytes.size());
  if (!rest.empty()) {
    if (const void* zero = std::memchr(rest.data(), 0, rest.size())) {
      const auto length = static_cast<uint64_t>(
          static_cast<const uint8_t*>(zero) - rest.data());
      at += length + 1;
      return rest.first(length);
    }
  }
  return Error{Code::kTruncated, "text in the gzip header has no end"};
}

}  // namespace

Result<GzipHeader> ParseGzipHeader(Bytes bytes, uint64_t offset) {
  const ByteReader reader(bytes);
  const Bytes fixed = TRY(reader.At(offset, 10));
  if (fixed[0] != 0x1f || fixed[1] != 0x8b || fixed[2] != 8) {
    return Error{Code::kInvalid, "not a gzip member"};
  }
  const uint8_t flags = fixed[3];
  uint64_t at = offset + 10;
  if (flags & kExtra) {
    const auto length = TRY((reader.Read<std::endian::little, uint16_t>(at)));
    at += 2 + uint64_t{length};
  }
  GzipHeader header;
  if (flags & kName) {
    const Bytes name = TRY(TakeText(bytes, at));
    header.name = std::string(AsText(Clip(name, 0, kNameMax)));
  }
  if (flags & kComment) TRY(TakeText(bytes, at));
  if (flags & kHeaderCrc) at += 2;
  TRY(reader.At(at, 0));
  header.size = at - offset;
  return header;
}

}  // namespace vitrine::codec
