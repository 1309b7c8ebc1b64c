// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/codec.h"

#include <utility>

#include "base/byte_reader.h"
#include "formats/codec/decode.h"
#include "formats/codec/gzip_header.h"

namespace vitrine::codec {
namespace {

using Function = Decoded (*)(const Input&);

Function DecoderOf(FileType type) {
  switch (type) {
    case FileType::kGZ:
      return Gzip;
    case FileType::kBZ:
      return Bzip2;
    case FileType::kXZ:
      return Xz;
    case FileType::kLZMA:
      return LzmaAlone;
    case FileType::kZSTD:
      return Zstd;
    case FileType::kLZ4:
      return Lz4;
    case FileType::kCOMPRESS:
      return Compress;
    case FileType::kMSSZDD:
      return Szdd;
    default:
      return nullptr;
  }
}

Member Describe(FileType type, Bytes bytes) {
  const ByteReader reader(bytes);
  Member member;
  member.position = 1;
  member.packed_size = bytes.size();
  if (type == FileType::kGZ) {
    auto header = ParseGzipHeader(bytes, 0);
    if (header.ok()) member.name = std::move(header).value().name;
    if (bytes.size() >= 18) {
      member.crc = reader.U32(bytes.size() - 8).value_or(0);
      member.size = reader.U32(bytes.size() - 4).value_or(0);
    }
  }
  if (type == FileType::kMSSZDD) member.size = reader.U32(10).value_or(0);
  if (type == FileType::kLZMA) {
    member.size = reader.U64(5).value_or(0);
    if (member.size == ~uint64_t{0}) member.size = 0;  // Not known.
  }
  return member;
}

}  // namespace

bool CanUnpack(FileType type) { return DecoderOf(type) != nullptr; }

Status Unpack(FileType type, Bytes bytes, Deadline deadline, MemberSink& sink) {
  const Function decode = DecoderOf(type);
  if (decode == nullptr) return Error{Code::kInvalid, "not a compression"};
  const Member member = Describe(type, bytes);
  Input input;
  input.bytes = bytes;
  input.deadline = deadline;
  input.expected = member.size;
  input.allowance = sink.Allowance(member);
  if (input.allowance == 0) return Ok();
  const Decoded decoded = decode(input);
  const bool stopped = decoded.end == End::kDeadline;
  if (decoded.end != End::kWhole && decoded.end != End::kCut && !stopped) {
    sink.OnSkipped(member.name, EndName(decoded.end));
  }
  if (decoded.out.size() > 0 || decoded.end == End::kWhole) {
    sink.OnMember(member, decoded.out.bytes(), decoded.end == End::kWhole);
  }
  if (stopped) return Error{Code::kDeadline, "time ran out while unpacking"};
  return Ok();
}

}  // namespace vitrine::codec
