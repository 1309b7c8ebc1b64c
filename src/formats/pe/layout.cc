// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/byte_reader.h"
#include "formats/pe/limits.h"
#include "formats/pe/pe.h"
#include "formats/pe/resources.h"
#include "formats/pe/version_info.h"

namespace vitrine::pe {
namespace {

constexpr uint32_t kSectorSize = 0x200;
constexpr uint32_t kPageSize = 0x1000;
constexpr uint16_t kSubsystemNative = 1;
constexpr uint32_t kPeSignature = 0x4550;  // "PE\0\0"

uint64_t RoundDown(uint64_t value, uint64_t alignment) {
  return alignment == 0 ? value : value - value % alignment;
}

uint64_t RoundUp(uint64_t value, uint64_t alignment) {
  if (alignment == 0 || value % alignment == 0) return value;
  return value - value % alignment + alignment;
}

// The file alignment that the sections really have: linkers are known to
// claim more than 512 and to place sections at multiples of 512.
uint64_t RealFileAlignment(const Image& image) {
  const uint32_t claimed = image.file_alignment;
  if (claimed == 0) return claimed;
  for (const Section& section : image.sections) {
    if (section.raw_size != 0 && section.raw_offset % claimed != 0 &&
        section.raw_offset % kSectorSize == 0) {
      return kSectorSize;
    }
  }
  return claimed;
}

uint64_t MappedHeadersSize(const Image& image) {
  return RoundUp(image.headers_size, image.section_alignment);
}

ExecutableLayout::Section Rounded(const Image& image, const Section& section,
                                  uint64_t file_alignment) {
  ExecutableLayout::Section out;
  out.offset = RoundDown(section.raw_offset, file_alignment);
  out.size = RoundUp(section.raw_size, file_alignment);
  out.address = RoundDown(section.virtual_address, image.section_alignment);
  out.memory_size = RoundUp(section.virtual_size, image.section_alignment);
  const uint64_t file_size = image.bytes.size();
  if (section.raw_offset >= file_size) {
    out.size = 0;
  } else if (out.size > file_size - std::min(file_size, out.offset)) {
    out.size = file_size - out.offset;
  }
  if (section.virtual_size == 0) {
    out.memory_size = RoundUp(out.size, image.section_alignment);
  }
  return out;
}

std::optional<uint64_t> EntryPoint(const Image& image,
                                   const ExecutableLayout& layout) {
  const uint64_t rva = image.entry_point;
  if (rva < MappedHeadersSize(image)) {
    if (rva >= image.bytes.size()) return std::nullopt;
    return rva;
  }
  for (size_t i = layout.sections.size(); i-- > 0;) {
    const auto& section = layout.sections[i];
    if (section.size == 0 || rva < section.address) continue;
    const uint64_t distance = rva - section.address;
    if (distance < section.size) return section.offset + distance;
  }
  return std::nullopt;
}

// What ClamAV thinks of the headers.
enum class Health : uint8_t {
  kGood,
  kOdd,     // Would not run, but everything has its place.
  kBroken,  // Nothing in it can be found.
};

// Windows' own checks of alignments and of sections being contiguous.
bool IsOdd(const Image& image, const ExecutableLayout& layout) {
  if (image.subsystem != kSubsystemNative &&
      (image.section_alignment == 0 ||
       image.section_alignment % kPageSize != 0 || image.file_alignment == 0 ||
       image.file_alignment % kSectorSize != 0)) {
    return true;
  }
  // Sections after the end of the file are a cut file's if they are the last,
  // and a damaged one's if they are not.
  const auto is_outside = [&](const Section& section) {
    return section.raw_size > 0 && section.raw_offset >= image.bytes.size();
  };
  size_t count = layout.sections.size();
  while (count > 1 && is_outside(image.sections[count - 1])) --count;
  uint64_t next = MappedHeadersSize(image);
  for (size_t i = 0; i < count; ++i) {
    const auto& section = layout.sections[i];
    // Misaligned, out of order, overlapping or with a gap before it.
    if (is_outside(image.sections[i]) || section.address != next ||
        section.address != image.sections[i].virtual_address) {
      return true;
    }
    next = section.address + section.memory_size;
  }
  return false;
}

// Up to the data directories.
uint64_t FixedOptionalHeaderSize(bool is_64) { return is_64 ? 112 : 96; }

// The part of the optional header that is not to overlap the section table.
uint64_t OptionalHeaderSize(const Image& image) {
  return FixedOptionalHeaderSize(image.is_64) +
         8 * uint64_t{std::min(image.directory_count, kDirectoryCount)};
}

Health Examine(const Image& image, ExecutableLayout& layout) {
  if (image.section_count == 0 || image.sections.size() < image.section_count ||
      image.optional_header_size < OptionalHeaderSize(image)) {
    return Health::kBroken;
  }
  const uint64_t file_alignment = RealFileAlignment(image);
  for (const Section& section : image.sections) {
    // Numbers with a sign bit, and sizes that wrap when they are rounded.
    if ((section.virtual_address | section.virtual_size) >> 31 != 0 ||
        RoundUp(section.raw_size, file_alignment) > UINT32_MAX) {
      return Health::kBroken;
    }
    layout.sections.push_back(Rounded(image, section, file_alignment));
  }
  layout.entry_point = EntryPoint(image, layout);
  if (!layout.entry_point) return Health::kBroken;
  return IsOdd(image, layout) ? Health::kOdd : Health::kGood;
}

}  // namespace

ExecutableLayout Layout(const Image& image) {
  ExecutableLayout layout;
  if (Examine(image, layout) == Health::kBroken) {
    return ExecutableLayout::Broken();
  }
  if (const auto resources = ReadResources(image)) {
    layout.version_strings = WholeVersionStrings(image, *resources);
  }
  return layout;
}

bool IsBroken(Bytes bytes) {
  const ByteReader reader(bytes);
  const auto header = reader.U32(0x3c);
  if (!header) return true;
  if (reader.U32(*header) != kPeSignature) return false;
  const uint64_t optional = uint64_t{*header} + 24;
  if (!reader.Contains(0, optional)) return false;
  const bool is_64 = reader.U16(optional) == 0x20b;
  if (!reader.Contains(optional, FixedOptionalHeaderSize(is_64))) return true;
  const auto parsed = Parse(bytes);
  // Cut within the data directories: an error, but none to alert about.
  if (!parsed.ok()) return false;
  ExecutableLayout layout;
  return Examine(parsed.value(), layout) != Health::kGood;
}

}  // namespace vitrine::pe
