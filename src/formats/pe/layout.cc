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
    if (section.raw_offset % claimed != 0 &&
        section.raw_offset % kSectorSize == 0) {
      return kSectorSize;
    }
  }
  return claimed;
}

ExecutableLayout::Section Rounded(const Image& image, const Section& section,
                                  uint64_t file_alignment) {
  ExecutableLayout::Section out;
  out.offset = RoundDown(section.raw_offset, file_alignment);
  out.size = RoundUp(section.raw_size, file_alignment);
  out.address = RoundDown(section.virtual_address, image.section_alignment);
  out.memory_size = RoundUp(section.virtual_size, image.section_alignment);
  const uint64_t file_size = image.bytes.size();
  if (out.size > 0 && out.offset >= file_size) {
    out.size = 0;
  } else if (out.size > file_size - std::min(file_size, out.offset)) {
    out.size = file_size - out.offset;
  }
  return out;
}

std::optional<uint64_t> EntryPoint(const Image& image,
                                   const ExecutableLayout& layout) {
  const uint64_t rva = image.entry_point;
  if (rva < image.headers_size) {
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

}  // namespace

ExecutableLayout Layout(const Image& image) {
  ExecutableLayout layout;
  if (image.section_count == 0 || image.section_count > kSectionCountMax) {
    return layout;
  }
  const uint64_t file_alignment = RealFileAlignment(image);
  for (const Section& section : image.sections) {
    layout.sections.push_back(Rounded(image, section, file_alignment));
  }
  layout.entry_point = EntryPoint(image, layout);
  if (const auto resources = ReadResources(image)) {
    for (const VersionString& string : ReadVersionInfo(image, *resources)) {
      layout.version_strings.push_back(string.offset);
    }
    std::sort(layout.version_strings.begin(), layout.version_strings.end());
  }
  return layout;
}

bool IsBroken(Bytes bytes) {
  const auto parsed = Parse(bytes);
  return !parsed.ok();
}

}  // namespace vitrine::pe
