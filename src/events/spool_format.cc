// SPDX-License-Identifier: Apache-2.0
#include "events/spool_format.h"

#include <algorithm>
#include <cstdio>

#include "base/byte_reader.h"
#include "base/check.h"
#include "base/code.h"
#include "base/text.h"
#include "crypto/crc32.h"
#include "events/limits.h"

namespace vitrine::events {
namespace {

constexpr std::string_view kSegmentMagic = "VITRSPL1";
constexpr uint32_t kSegmentVersion = 1;
constexpr uint32_t kFrameMagic = 0x31564556;  // "VEV1"
constexpr std::string_view kSuffix = ".spool";
constexpr size_t kIndexDigits = 8;

// Of what follows the magic: length, sequence, payload.
uint32_t FrameChecksum(uint32_t length, uint64_t sequence, Bytes payload) {
  CodeWriter head;
  head.U32(length);
  head.U64(sequence);
  return crypto::Crc32(payload, crypto::Crc32(head.Take()));
}

}  // namespace

bool IsWriterName(std::string_view name) {
  return !name.empty() && name.size() <= kWriterNameMax &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || IsDigit(static_cast<uint8_t>(c)) ||
                  c == '-';
         });
}

ByteVector EncodeSegmentHeader(const SegmentHeader& header) {
  CHECK(IsWriterName(header.writer));
  CodeWriter out;
  out.Raw(AsBytes(kSegmentMagic));
  out.U32(kSegmentVersion);
  out.U32(header.index);
  out.Raw(header.spool);
  out.Raw(AsBytes(header.writer));
  while (out.size() < 48) out.U8(0);
  out.U64(static_cast<uint64_t>(header.created_ns));
  out.U32(0);
  ByteVector bytes = out.Take();
  const uint32_t checksum = crypto::Crc32(bytes);
  for (int shift = 0; shift < 32; shift += 8) {
    bytes.push_back(static_cast<uint8_t>(checksum >> shift));
  }
  CHECK(bytes.size() == kSegmentHeaderSize);
  return bytes;
}

Result<SegmentHeader> ParseSegmentHeader(Bytes bytes) {
  const ByteReader reader(bytes);
  const Bytes head = TRY(reader.At(0, kSegmentHeaderSize));
  const auto damaged = [](const char* what) {
    return Error{Code::kInvalid, std::string("spool segment: ") + what};
  };
  if (AsText(head.first(8)) != kSegmentMagic) return damaged("wrong magic");
  if (reader.U32(60) != crypto::Crc32(head.first(60))) {
    return damaged("wrong checksum of the header");
  }
  if (reader.U32(8) != kSegmentVersion) return damaged("unknown version");
  SegmentHeader header;
  header.index = *reader.U32(12);
  std::copy_n(head.begin() + 16, header.spool.size(), header.spool.begin());
  std::string_view writer = AsText(head.subspan(32, kWriterNameMax));
  while (!writer.empty() && writer.back() == '\0') writer.remove_suffix(1);
  if (!IsWriterName(writer)) return damaged("no writer's name");
  header.writer = writer;
  header.created_ns = static_cast<int64_t>(*reader.U64(48));
  if (reader.U32(56) != 0u) return damaged("unknown flags");
  return header;
}

ByteVector EncodeFrame(uint64_t sequence, Bytes payload) {
  CHECK(!payload.empty() && payload.size() <= kPayloadMax);
  const auto length = static_cast<uint32_t>(payload.size());
  CodeWriter out;
  out.U32(kFrameMagic);
  out.U32(length);
  out.U64(sequence);
  out.U32(FrameChecksum(length, sequence, payload));
  out.Raw(payload);
  return out.Take();
}

Result<Frame> ParseFrame(Bytes bytes) {
  const ByteReader reader(bytes);
  const auto magic = TRY((reader.Read<std::endian::little, uint32_t>(0)));
  if (magic != kFrameMagic) return Error{Code::kInvalid, "no frame here"};
  const auto length = TRY((reader.Read<std::endian::little, uint32_t>(4)));
  if (length == 0 || length > kPayloadMax) {
    return Error{Code::kInvalid, "frame of an impossible length"};
  }
  Frame frame;
  frame.payload = TRY(reader.At(kFrameHeaderSize, length));
  frame.sequence = *reader.U64(8);
  frame.size = kFrameHeaderSize + length;
  if (reader.U32(16) != FrameChecksum(length, frame.sequence, frame.payload)) {
    return Error{Code::kInvalid, "frame with a wrong checksum"};
  }
  return frame;
}

std::string SegmentName(const SpoolId& spool, uint32_t index) {
  std::string digits = std::to_string(index);
  if (digits.size() < kIndexDigits) {
    digits.insert(0, kIndexDigits - digits.size(), '0');
  }
  return ToHex(spool) + "-" + digits + std::string(kSuffix);
}

bool IsSegmentName(std::string_view name) {
  constexpr size_t kHex = 2 * SpoolId().size();
  if (name.size() < kHex + 1 + kIndexDigits + kSuffix.size() ||
      !name.ends_with(kSuffix) || name[kHex] != '-') {
    return false;
  }
  name.remove_suffix(kSuffix.size());
  return FromHex(name.substr(0, kHex)).has_value() &&
         ParseDecimal(name.substr(kHex + 1)).has_value();
}

}  // namespace vitrine::events
