// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "formats/macho/macho.h"
#include "formats/record_writer.h"

namespace vitrine::macho {

// Builds thin Mach-O files for tests, command by command.
class Builder {
 public:
  explicit Builder(bool is_64 = true, bool big_endian = false)
      : is_64_(is_64),
        order_(big_endian ? std::endian::big : std::endian::little),
        commands_(order_, is_64) {
    header.cpu_type = is_64 ? 0x01000007 : 7;
    header.cpu_subtype = 3;
    header.file_type = 2;
  }

  // cpu_type, cpu_subtype, file_type and flags are written as they are.
  Header header;

  RecordWriter Record() const { return RecordWriter(order_, is_64_); }

  Builder& Command(uint32_t command, Bytes body) {
    commands_.U32(command).U32(8 + body.size()).Raw(body);
    ++count_;
    return *this;
  }

  Builder& Add(const Segment& segment) {
    RecordWriter body = Record();
    body.Text(segment.name, 16).Word(segment.address).Word(segment.memory_size);
    body.Word(segment.offset).Word(segment.file_size);
    body.U32(segment.protection_max).U32(segment.protection);
    body.U32(segment.sections.size()).U32(segment.flags);
    for (const Section& section : segment.sections) {
      body.Text(section.name, 16).Text(section.segment, 16);
      body.Word(section.address).Word(section.size).U32(section.offset);
      body.U32(section.alignment).U32(section.relocations_offset);
      body.U32(section.relocation_count).U32(section.flags);
      body.U32(section.reserved1).U32(section.reserved2);
      if (is_64_) body.U32(section.reserved3.value_or(0));
    }
    return Command(is_64_ ? 0x19 : 0x1, body.bytes());
  }

  // LC_MAIN.
  Builder& Main(uint64_t entry, uint64_t stack_size) {
    return Command(0x80000028,
                   RecordWriter(order_).U64(entry).U64(stack_size).bytes());
  }

  // LC_UNIXTHREAD whose register `index` of `width` bytes is `value`.
  Builder& Thread(size_t index, size_t width, uint64_t value) {
    RecordWriter body(order_);
    body.U32(1).U32(100).PadTo(8 + index * width);
    width == 8 ? body.U64(value) : body.U32(value);
    return Command(0x5, body.PadTo(400).bytes());
  }

  ByteVector Build() const {
    RecordWriter out = Record();
    out.U32(is_64_ ? 0xfeedfacf : 0xfeedface).U32(header.cpu_type);
    out.U32(header.cpu_subtype).U32(header.file_type).U32(count_);
    out.U32(commands_.size()).U32(header.flags);
    if (is_64_) out.U32(0);
    out.Raw(commands_.bytes());
    return out.bytes();
  }

 private:
  bool is_64_;
  std::endian order_;
  RecordWriter commands_;
  uint32_t count_ = 0;
};

// A universal file of these, each at a multiple of 64 bytes.
inline ByteVector BuildFat(
    const std::vector<std::pair<uint32_t, ByteVector>>& images,
    bool wide = false) {
  RecordWriter out(std::endian::big, wide);
  out.U32(wide ? kMagicFat64 : kMagicFat).U32(images.size());
  const auto round = [](size_t size) { return (size + 63) / 64 * 64; };
  const size_t first = round(8 + images.size() * (wide ? 32 : 20));
  size_t at = first;
  for (const auto& [cpu_type, bytes] : images) {
    out.U32(cpu_type).U32(3).Word(at).Word(bytes.size()).U32(6);
    if (wide) out.U32(0);
    at = round(at + bytes.size());
  }
  for (const auto& [cpu_type, bytes] : images) {
    out.PadTo(round(out.size())).Raw(bytes);
  }
  return out.bytes();
}

}  // namespace vitrine::macho
