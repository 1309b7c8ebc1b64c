// SPDX-License-Identifier: Apache-2.0
#include "formats/arj/arj.h"

#include <cstring>
#include <optional>
#include <string>

#include "base/byte_reader.h"
#include "formats/arj/limits.h"
#include "formats/codec/checksum.h"
#include "formats/codec/decode.h"

namespace vitrine::arj {
namespace {

using codec::End;

constexpr uint16_t kMagic = 0xea60;
constexpr uint8_t kGarbled = 1;  // Flag: encrypted.
constexpr uint8_t kBinary = 0;   // File types.
constexpr uint8_t kText = 1;

struct Header {
  uint8_t flags = 0;
  uint8_t method = 0;
  uint8_t type = 0;
  uint32_t packed_size = 0;
  uint32_t size = 0;
  uint32_t crc = 0;
  std::string name;
  uint64_t next = 0;  // Offset behind it.
};

// nullopt: none there. At the end of an archive that is as it should be, since
// the last header is empty.
std::optional<Header> ParseHeader(const ByteReader& reader, uint64_t at) {
  const auto size = reader.U16(at + 2);
  if (reader.U16(at) != kMagic || !size || *size < kHeaderMin ||
      *size > kHeaderMax || !reader.Contains(at + 4, *size)) {
    return std::nullopt;
  }
  const Bytes bytes = Clip(reader.bytes(), at + 4, *size);
  const ByteReader fields(bytes);
  Header header;
  header.flags = *fields.U8(4);
  header.method = *fields.U8(5);
  header.type = *fields.U8(6);
  header.packed_size = *fields.U32(12);
  header.size = *fields.U32(16);
  header.crc = *fields.U32(20);
  const std::string_view text = AsText(Clip(bytes, bytes[0], bytes.size()));
  header.name = std::string(text.substr(0, text.find('\0')));
  header.next = at + 4 + *size + 4;
  for (int i = 0; i < kExtendedMax; ++i) {
    const auto extended = reader.U16(header.next);
    header.next += 2;
    if (!extended || *extended == 0) break;
    header.next += uint64_t{*extended} + 4;
  }
  return header;
}

codec::Decoded Decode(uint8_t method, const codec::Input& input) {
  if (method == 4) return codec::ArjFastest(input);
  if (method != 0) return codec::ArjLzh(input);
  codec::Decoded stored{codec::Output(input.allowance), End::kWhole, 0};
  if (!stored.out.Append(input.bytes)) {
    stored.end = stored.out.out_of_memory() ? End::kMemory : End::kCut;
  }
  return stored;
}

// Whether to go on, or that time ran out.
Result<Continue> ReadMember(Bytes archive, const Header& header,
                            uint64_t position, Deadline deadline,
                            MemberSink& sink) {
  Member member;
  member.name = header.name;
  member.packed_size = header.packed_size;
  member.size = header.size;
  member.crc = header.crc;
  member.position = position;
  member.encrypted = (header.flags & kGarbled) != 0;
  codec::Input input;
  input.allowance = sink.Allowance(member);
  if (member.encrypted) {
    sink.OnSkipped(member.name, "encrypted");
    return Continue::kYes;
  }
  if (input.allowance == 0) return Continue::kYes;
  if (header.method > 4) {
    sink.OnSkipped(member.name, "unsupported-method");
    return Continue::kYes;
  }
  input.bytes = Clip(archive, header.next, header.packed_size);
  input.expected = header.size;
  input.deadline = deadline;
  const codec::Decoded decoded = Decode(header.method, input);
  const Bytes made = decoded.out.bytes();
  End end = decoded.end;
  if (end == End::kDeadline) {
    return Error{Code::kDeadline, "time ran out while unpacking"};
  }
  if (end == End::kWhole && input.bytes.size() < header.packed_size) {
    end = End::kTruncated;
  }
  if (end == End::kWhole && codec::Crc32(made) != header.crc) {
    sink.OnSkipped(member.name, "checksum");
    return sink.OnMember(member, made, false);
  }
  if (end != End::kWhole && end != End::kCut) {
    sink.OnSkipped(member.name, codec::EndName(end));
  }
  return sink.OnMember(member, made, end == End::kWhole);
}

}  // namespace

Status Unpack(Bytes archive, Deadline deadline, MemberSink& sink) {
  const ByteReader reader(archive);
  const auto main = ParseHeader(reader, 0);
  if (!main) return Error{Code::kInvalid, "no ARJ archive"};
  uint64_t at = main->next;
  for (uint64_t position = 1; position <= kEntriesMax; ++position) {
    if (deadline.Passed()) {
      return Error{Code::kDeadline, "time ran out while unpacking"};
    }
    const auto header = ParseHeader(reader, at);
    if (!header) {
      const bool ended = reader.U16(at) == kMagic && reader.U16(at + 2) == 0;
      if (!ended) {
        sink.OnSkipped("", at < archive.size() ? "damaged" : "truncated");
      }
      return Ok();
    }
    if (header->type == kBinary || header->type == kText) {
      const Continue go_on =
          TRY(ReadMember(archive, *header, position, deadline, sink));
      if (go_on == Continue::kStop) return Ok();
    }
    at = header->next + header->packed_size;
  }
  sink.OnSkipped("", "max-members");
  return Ok();
}

}  // namespace vitrine::arj
