// SPDX-License-Identifier: Apache-2.0
#include "formats/macho/universal.h"

#include <bit>

#include "formats/field_reader.h"
#include "formats/macho/limits.h"
#include "formats/macho/macho.h"

namespace vitrine::macho {
namespace {

Continue HandOver(Bytes bytes, const Member& member, uint64_t offset,
                  MemberSink& sink) {
  const uint64_t allowance = sink.Allowance(member);
  if (allowance == 0) return Continue::kYes;
  Bytes data = Clip(bytes, offset, member.size);
  if (data.size() < member.size) sink.OnSkipped(member.name, "truncated");
  data = Clip(data, 0, allowance);
  return sink.OnMember(member, data, data.size() == member.size);
}

}  // namespace

Status Unpack(Bytes bytes, Deadline deadline, MemberSink& sink) {
  const uint32_t magic = FieldReader(bytes, std::endian::big).U32();
  if (magic != kMagicFat && magic != kMagicFat64) {
    return Error{Code::kInvalid, "no universal file"};
  }
  const bool wide = magic == kMagicFat64;
  FieldReader in(bytes, std::endian::big, wide);
  in.Skip(4);
  const uint32_t count = in.U32();
  for (uint32_t i = 0; i < count; ++i) {
    if (deadline.Passed()) return Error{Code::kDeadline, "out of time"};
    if (i == kArchitecturesMax) {
      sink.OnSkipped("", "max-members");
      return Ok();
    }
    in.Skip(8);
    const uint64_t offset = in.Word();
    Member member;
    member.size = member.packed_size = in.Word();
    member.position = uint64_t{i} + 1;
    in.Skip(wide ? 8 : 4);
    if (!in.ok()) {
      sink.OnSkipped("", "truncated");
      return Ok();
    }
    // A list in which an entry lies over its own header would have no end.
    if (offset < 8) {
      sink.OnSkipped("", "damaged");
      continue;
    }
    if (HandOver(bytes, member, offset, sink) == Continue::kStop) return Ok();
  }
  return Ok();
}

}  // namespace vitrine::macho
