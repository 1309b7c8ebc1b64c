// SPDX-License-Identifier: Apache-2.0
// LZ4 frames, new and legacy. The checksums are not looked at.
#include "base/byte_reader.h"
#include "formats/codec/decode.h"
#include "formats/codec/limits.h"

namespace vitrine::codec {
namespace {

constexpr uint32_t kFrame = 0x184d2204;
constexpr uint32_t kLegacy = 0x184c2102;
constexpr uint32_t kSkippable = 0x184d2a50;
constexpr uint32_t kLegacyBlockMax = (uint32_t{8} << 20) + 65536;

End Refused(const Output& out) {
  if (out.out_of_memory()) return End::kMemory;
  return out.overflowed() ? End::kCut : End::kDamaged;
}

// A length that started as four bits and goes on in bytes of 255.
bool TakeLength(Bytes block, uint64_t& at, uint64_t& length) {
  if (length != 15) return true;
  for (uint8_t byte = 255; byte == 255;) {
    if (at >= block.size()) return false;
    byte = block[at++];
    length += byte;
  }
  return true;
}

End Block(Bytes block, Output& out) {
  for (uint64_t at = 0; at < block.size();) {
    const uint8_t token = block[at++];
    uint64_t literals = token >> 4;
    if (!TakeLength(block, at, literals) || literals > block.size() - at) {
      return End::kDamaged;
    }
    if (!out.Append(block.subspan(at, literals))) return Refused(out);
    at += literals;
    if (at == block.size()) return End::kWhole;  // The last has no match.
    if (block.size() - at < 2) return End::kDamaged;
    const uint64_t distance = block[at] | uint64_t{block[at + 1]} << 8;
    at += 2;
    uint64_t length = token & 15;
    if (!TakeLength(block, at, length)) return End::kDamaged;
    if (!out.Copy(distance, length + 4)) return Refused(out);
  }
  return End::kWhole;
}

struct FrameHeader {
  uint64_t size = 4;
  bool block_checksums = false;
  bool content_checksum = false;
};

// The fields behind the magic number of the frame at `at`.
Result<FrameHeader> ParseHeader(const ByteReader& reader, uint64_t at) {
  const auto flags = TRY((reader.Read<std::endian::little, uint8_t>(at + 4)));
  if (flags >> 6 != 1) return Error{Code::kInvalid, "LZ4 frame version"};
  FrameHeader header;
  header.size = 7;
  if (flags & 0x08) header.size += 8;  // Content size.
  if (flags & 0x01) header.size += 4;  // Dictionary.
  header.block_checksums = flags & 0x10;
  header.content_checksum = flags & 0x04;
  TRY(reader.At(at, header.size));
  return header;
}

class Decoder {
 public:
  explicit Decoder(const Input& input)
      : reader_(input.bytes), deadline_(input.deadline) {}

  End Frame(Output& out) {
    const auto header = ParseHeader(reader_, at);
    if (!header.ok()) {
      return header.error().code == Code::kInvalid ? End::kDamaged
                                                   : End::kTruncated;
    }
    at += header.value().size;
    for (;;) {
      const auto word = reader_.U32(at);
      if (!word) return End::kTruncated;
      at += 4;
      if (*word == 0) break;
      const uint64_t size = *word & 0x7fffffff;
      const bool whole = reader_.Contains(at, size);
      const Bytes block = Clip(reader_.bytes(), at, size);
      if (deadline_.Passed()) return End::kDeadline;
      const End end = *word >> 31 ? Stored(block, out) : Block(block, out);
      if (!whole) return End::kTruncated;
      if (end != End::kWhole) return end;
      at += size + (header.value().block_checksums ? 4 : 0);
    }
    if (header.value().content_checksum) at += 4;
    return End::kWhole;
  }

  End Legacy(Output& out) {
    for (at += 4;;) {
      const auto size = reader_.U32(at);
      // It has no end mark: it ends with the file or at another frame.
      if (!size || *size > kLegacyBlockMax) return End::kWhole;
      at += 4;
      const bool whole = reader_.Contains(at, *size);
      if (deadline_.Passed()) return End::kDeadline;
      const End end = Block(Clip(reader_.bytes(), at, *size), out);
      if (!whole) return End::kTruncated;
      if (end != End::kWhole) return end;
      at += *size;
    }
  }

  uint64_t at = 0;

 private:
  static End Stored(Bytes block, Output& out) {
    return out.Append(block) ? End::kWhole : Refused(out);
  }

  ByteReader reader_;
  Deadline deadline_;
};

}  // namespace

Decoded Lz4(const Input& input) {
  Decoded decoded{Output(input.allowance), End::kWhole, 0};
  const ByteReader reader(input.bytes);
  Decoder decoder(input);
  for (bool first = true; decoded.end == End::kWhole; first = false) {
    const auto magic = reader.U32(decoder.at);
    if (magic == kFrame) {
      decoded.end = decoder.Frame(decoded.out);
    } else if (magic == kLegacy) {
      decoded.end = decoder.Legacy(decoded.out);
    } else if (magic && (*magic & ~uint32_t{15}) == kSkippable) {
      const auto size = reader.U32(decoder.at + 4);
      if (!size) break;
      decoder.at += 8 + uint64_t{*size};
    } else {
      if (first) decoded.end = magic ? End::kDamaged : End::kTruncated;
      break;  // What follows a frame and is none is not ours.
    }
  }
  decoded.consumed =
      decoder.at < input.bytes.size() ? decoder.at : input.bytes.size();
  return decoded;
}

}  // namespace vitrine::codec
