// SPDX-License-Identifier: Apache-2.0
#include "formats/elf/elf.h"

#include <algorithm>
#include <bit>

#include "base/byte_reader.h"
#include "formats/elf/limits.h"
#include "formats/field_reader.h"

namespace vitrine::elf {
namespace {

constexpr uint64_t kIdentSize = 16;
// Section and segment counts from here on are escapes (SHN_LORESERVE and
// PN_XNUM); the numbers they stand for are not read.
constexpr uint16_t kSectionCountReserved = 0xff00;
constexpr uint16_t kSegmentCountReserved = 0xffff;

struct Sizes {
  uint64_t header;
  uint64_t section;
  uint64_t segment;
};

constexpr Sizes SizesOf(bool is_64) {
  return is_64 ? Sizes{64, 64, 56} : Sizes{52, 40, 32};
}

FieldReader Record(const Header& header, Bytes record) {
  return {record, header.big_endian ? std::endian::big : std::endian::little,
          header.is_64};
}

Result<Header> ParseHeader(const ByteReader& file) {
  const Bytes ident = TRY(file.At(0, kIdentSize));
  if (AsText(ident.first(4)) !=
      "\x7f"
      "ELF") {
    return Error{Code::kInvalid, "no ELF magic"};
  }
  Header header;
  if (ident[4] < 1 || ident[4] > 2) {
    return Error{Code::kInvalid, "unknown ELF class"};
  }
  header.is_64 = ident[4] == 2;
  header.byte_order = ident[5];
  header.big_endian = ident[5] != 1;
  header.os_abi = ident[7];
  const Bytes rest =
      TRY(file.At(kIdentSize, SizesOf(header.is_64).header - kIdentSize));
  FieldReader in = Record(header, rest);
  header.type = in.U16();
  header.machine = in.U16();
  header.version = in.U32();
  header.entry = in.Word();
  header.segments_offset = in.Word();
  header.sections_offset = in.Word();
  header.flags = in.U32();
  header.size = in.U16();
  header.segment_size = in.U16();
  header.segment_count = in.U16();
  header.section_size = in.U16();
  header.section_count = in.U16();
  header.names_section = in.U16();
  return header;
}

Section ReadSection(FieldReader in) {
  Section section;
  section.name = in.U32();
  section.type = in.U32();
  section.flags = in.Word();
  section.address = in.Word();
  section.offset = in.Word();
  section.size = in.Word();
  section.link = in.U32();
  section.info = in.U32();
  section.alignment = in.Word();
  section.entry_size = in.Word();
  return section;
}

Segment ReadSegment(FieldReader in, bool is_64) {
  Segment segment;
  segment.type = in.U32();
  if (is_64) segment.flags = in.U32();
  segment.offset = in.Word();
  segment.address = in.Word();
  segment.physical_address = in.Word();
  segment.file_size = in.Word();
  segment.memory_size = in.Word();
  if (!is_64) segment.flags = in.U32();
  segment.alignment = in.Word();
  return segment;
}

// The text at `at`, up to its NUL; none where `table` ends before. A table that
// does not begin with the empty string is no string table (System V ABI, 4).
std::optional<std::string_view> TextAt(Bytes table, uint64_t at) {
  if (at >= table.size() || table.front() != 0) return std::nullopt;
  const std::string_view rest = AsText(Clip(table, at, kNameMax + 1));
  const size_t end = rest.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  return rest.substr(0, end);
}

// Whether `address` lies in [start, start + size). A range that runs over the
// end of the address space holds nothing.
bool Holds(const Image& image, uint64_t start, uint64_t size,
           uint64_t address) {
  const uint64_t last = image.header.is_64 ? UINT64_MAX : UINT32_MAX;
  return size <= last - start && address >= start && address - start < size;
}

}  // namespace

Result<Image> Parse(Bytes bytes) {
  const ByteReader file(bytes);
  Image image{bytes, TRY(ParseHeader(file)), {}, {}};
  const Header& header = image.header;
  const Sizes sizes = SizesOf(header.is_64);

  const uint64_t sections_size = header.section_count * sizes.section;
  if (header.section_count < kSectionCountReserved &&
      file.Contains(header.sections_offset, sections_size)) {
    image.sections.reserve(header.section_count);
    for (uint64_t i = 0; i < header.section_count; ++i) {
      const Bytes record = bytes.subspan(
          header.sections_offset + i * sizes.section, sizes.section);
      image.sections.push_back(ReadSection(Record(header, record)));
    }
  }
  const uint64_t segments_size = header.segment_count * sizes.segment;
  if (header.segment_count < kSegmentCountReserved &&
      file.Contains(header.segments_offset, segments_size)) {
    image.segments.reserve(header.segment_count);
    for (uint64_t i = 0; i < header.segment_count; ++i) {
      const Bytes record = bytes.subspan(
          header.segments_offset + i * sizes.segment, sizes.segment);
      image.segments.push_back(
          ReadSegment(Record(header, record), header.is_64));
    }
  }
  return image;
}

std::optional<std::string_view> NameOf(const Image& image,
                                       const Section& section) {
  if (image.header.names_section >= image.sections.size()) return std::nullopt;
  // Names are looked for beyond the names section's claimed size too: packers
  // put a wrong one there, and every tool shows the names all the same.
  const uint64_t table = image.sections[image.header.names_section].offset;
  if (table > image.bytes.size()) return std::nullopt;
  return TextAt(image.bytes.subspan(table), section.name);
}

std::optional<std::vector<Symbol>> SymbolsOf(const Image& image,
                                             const Section& section) {
  const ByteReader file(image.bytes);
  if (section.type != kSectionSymbols &&
      section.type != kSectionDynamicSymbols) {
    return std::nullopt;
  }
  if (section.link >= image.sections.size()) return std::nullopt;
  const Section& strings = image.sections[section.link];
  if (strings.type != kSectionStrings ||
      !file.Contains(strings.offset, strings.size) ||
      !file.Contains(section.offset, section.size)) {
    return std::nullopt;
  }
  const Bytes names = image.bytes.subspan(strings.offset, strings.size);
  const uint64_t entry_size = image.header.is_64 ? 24 : 16;
  const uint64_t count =
      std::min<uint64_t>(section.size / entry_size, kSymbolsMax);
  std::vector<Symbol> symbols;
  symbols.reserve(count);
  for (uint64_t i = 0; i < count; ++i) {
    FieldReader in = Record(
        image.header,
        image.bytes.subspan(section.offset + i * entry_size, entry_size));
    Symbol symbol;
    symbol.name = TextAt(names, in.U32());
    if (!image.header.is_64) {
      symbol.value = in.U32();
      symbol.size = in.U32();
    }
    const uint8_t info = in.U8();
    symbol.type = info & 0xf;
    symbol.bind = info >> 4;
    symbol.visibility = in.U8() & 0x3;
    symbol.section = in.U16();
    if (image.header.is_64) {
      symbol.value = in.U64();
      symbol.size = in.U64();
    }
    symbols.push_back(symbol);
  }
  return symbols;
}

std::vector<Dynamic> DynamicOf(const Image& image, const Segment& segment) {
  const bool is_64 = image.header.is_64;
  const uint64_t entry_size = is_64 ? 16 : 8;
  std::vector<Dynamic> entries;
  if (segment.offset > image.bytes.size()) return entries;
  const Bytes table = image.bytes.subspan(segment.offset);
  FieldReader in = Record(image.header, table);
  while (table.size() - in.at() >= entry_size && entries.size() < kDynamicMax) {
    const uint64_t tag = in.Word();
    entries.push_back({tag, in.Word()});
    if (tag == 0) break;
  }
  return entries;
}

std::optional<uint64_t> OffsetBySegments(const Image& image, uint64_t address) {
  // A table at offset 0 would lie over the header: it means "none".
  if (image.header.segments_offset == 0) return std::nullopt;
  for (const Segment& segment : image.segments) {
    if (Holds(image, segment.address, segment.memory_size, address)) {
      return segment.offset + (address - segment.address);
    }
  }
  return std::nullopt;
}

std::optional<uint64_t> OffsetBySections(const Image& image, uint64_t address) {
  if (image.header.sections_offset == 0) return std::nullopt;
  for (const Section& section : image.sections) {
    if (section.type == kSectionNull || section.type == kSectionNoBits) {
      continue;
    }
    if (Holds(image, section.address, section.size, address)) {
      return section.offset + (address - section.address);
    }
  }
  return std::nullopt;
}

}  // namespace vitrine::elf
