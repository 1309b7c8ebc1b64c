// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "formats/elf/elf.h"
#include "formats/record_writer.h"

namespace vitrine::elf {

// Builds ELF files for tests: one LOAD segment over the whole file, the given
// sections with their contents, and a names section at the end.
class Builder {
 public:
  explicit Builder(bool is_64 = true, bool big_endian = false)
      : is_64_(is_64),
        order_(big_endian ? std::endian::big : std::endian::little) {
    header.type = kTypeExecutable;
    header.machine = 62;
  }

  static constexpr uint64_t kBase = 0x400000;

  struct Content {
    std::string name;
    Section section;
    ByteVector bytes;
  };

  // A section with contents; its address is where it will lie.
  Builder& Add(std::string name, uint32_t type, ByteVector bytes,
               uint32_t link = 0) {
    Content content{std::move(name), {}, std::move(bytes)};
    content.section.type = type;
    content.section.link = link;
    contents_.push_back(std::move(content));
    return *this;
  }
  Builder& AddSegment(const Segment& segment) {
    segments_.push_back(segment);
    return *this;
  }
  RecordWriter Record() const { return RecordWriter(order_, is_64_); }

  RecordWriter& Symbol(RecordWriter& out, uint32_t name, uint8_t info,
                       uint16_t section, uint64_t value) const {
    out.U32(name);
    if (!is_64_) out.U32(value).U32(8);
    out.U8(info).U8(0).U16(section);
    if (is_64_) out.U64(value).U64(8);
    return out;
  }

  // Fields of the header that are not 0 stand as they are, as long as Build()
  // has nothing better to say of them.
  Header header;

  ByteVector Build() {
    const size_t header_size = is_64_ ? 64 : 52;
    const size_t segment_size = is_64_ ? 56 : 32;
    const size_t segments = segments_.size() + 1;
    uint64_t at = header_size + segment_size * segments;

    std::string names(1, '\0');
    std::vector<Section> sections(1);
    RecordWriter body = Record();
    const auto place = [&](Section section, std::string_view name,
                           Bytes bytes) {
      section.name = static_cast<uint32_t>(names.size());
      names.append(name).push_back('\0');
      section.offset = at + body.size();
      section.size = bytes.size();
      section.address = kBase + section.offset;
      body.Raw(bytes);
      sections.push_back(section);
    };
    for (const Content& content : contents_) {
      place(content.section, content.name, content.bytes);
    }
    Section strings;
    strings.type = kSectionStrings;
    const std::string before = names + ".shstrtab";
    place(strings, ".shstrtab", AsBytes(before + std::string(1, '\0')));
    at += body.size();
    const uint64_t file_size = at + sections.size() * (is_64_ ? 64 : 40);

    RecordWriter out = Record();
    WriteHeader(out, at, segments, sections.size());
    Segment load;
    load.type = kSegmentLoad;
    load.flags = 5;
    load.address = kBase;
    load.file_size = load.memory_size = file_size;
    WriteSegment(out, load);
    for (const Segment& segment : segments_) WriteSegment(out, segment);
    out.Raw(body.bytes());
    for (const Section& section : sections) WriteSection(out, section);
    return out.bytes();
  }

 private:
  void WriteHeader(RecordWriter& out, uint64_t sections_offset, size_t segments,
                   size_t sections) const {
    out.Text(
           "\x7f"
           "ELF")
        .U8(is_64_ ? 2 : 1);
    out.U8(order_ == std::endian::big ? 2 : 1).U8(1).PadTo(16);
    out.U16(header.type).U16(header.machine).U32(1).Word(header.entry);
    out.Word(is_64_ ? 64 : 52).Word(sections_offset).U32(header.flags);
    out.U16(is_64_ ? 64 : 52).U16(is_64_ ? 56 : 32).U16(segments);
    out.U16(is_64_ ? 64 : 40).U16(sections).U16(sections - 1);
  }
  void WriteSegment(RecordWriter& out, const Segment& segment) const {
    out.U32(segment.type);
    if (is_64_) out.U32(segment.flags);
    out.Word(segment.offset).Word(segment.address).Word(segment.address);
    out.Word(segment.file_size).Word(segment.memory_size);
    if (!is_64_) out.U32(segment.flags);
    out.Word(0x1000);
  }
  void WriteSection(RecordWriter& out, const Section& section) const {
    out.U32(section.name).U32(section.type).Word(section.flags);
    out.Word(section.address).Word(section.offset).Word(section.size);
    out.U32(section.link).U32(section.info).Word(section.alignment);
    out.Word(section.entry_size);
  }

  bool is_64_;
  std::endian order_;
  std::vector<Content> contents_;
  std::vector<Segment> segments_;
};

}  // namespace vitrine::elf
