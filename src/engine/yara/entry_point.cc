// SPDX-License-Identifier: Apache-2.0
#include "engine/yara/entry_point.h"

#include "engine/yara/limits.h"
#include "formats/elf/elf.h"
#include "formats/pe/pe.h"

namespace vitrine::engine::yara {
namespace {

constexpr uint16_t kMachineI386 = 0x14c;
constexpr uint16_t kMachineAmd64 = 0x8664;
constexpr uint64_t kSectionHeaderSize = 40;

// All of this is YARA's, found by asking it: the last of the sections that
// start highest below the address counts, its offset is taken as it is, and a
// section table that reaches the end of the file gives 0.
std::optional<uint64_t> EntryPointOf(const pe::Image& image) {
  if (image.machine != kMachineI386 && image.machine != kMachineAmd64) {
    return std::nullopt;
  }
  uint64_t address = 0;
  uint64_t offset = 0;
  uint64_t header_end = image.sections_offset;
  const size_t count = image.section_count < kPeSectionsMax
                           ? image.section_count
                           : kPeSectionsMax;
  for (size_t i = 0; i < count; ++i) {
    header_end += kSectionHeaderSize;
    if (header_end >= image.bytes.size() || i >= image.sections.size()) {
      return 0;
    }
    const pe::Section& section = image.sections[i];
    if (image.entry_point < section.virtual_address ||
        address > section.virtual_address) {
      continue;
    }
    address = section.virtual_address;
    offset = section.raw_offset;
  }
  return offset + (image.entry_point - address);
}

std::optional<uint64_t> EntryPointOf(const elf::Image& image) {
  return image.header.type == elf::kTypeExecutable
             ? elf::OffsetBySegments(image, image.header.entry)
             : elf::OffsetBySections(image, image.header.entry);
}

}  // namespace

std::optional<uint64_t> EntryPointOf(Object& object) {
  if (const pe::Image* image = object.Pe()) return EntryPointOf(*image);
  if (const elf::Image* image = object.Elf()) return EntryPointOf(*image);
  return std::nullopt;
}

}  // namespace vitrine::engine::yara
