// SPDX-License-Identifier: Apache-2.0
#include "formats/macho/macho.h"

// What ClamAV 1.4 makes of Mach-O headers, as observed from outside.
namespace vitrine::macho {
namespace {

constexpr uint32_t kCommandsClamavMax = 1024;
constexpr uint32_t kSegmentSectionsMax = 255;

bool IsPowerPc(const Header& header) {
  return header.cpu_type == 18 || header.cpu_type == 0x01000012;
}

std::optional<uint64_t> OffsetOf(const ExecutableLayout& layout,
                                 uint64_t address) {
  for (const ExecutableLayout::Section& section : layout.sections) {
    if (address >= section.address &&
        address - section.address < section.size) {
      return section.offset + (address - section.address);
    }
  }
  return std::nullopt;
}

}  // namespace

ExecutableLayout Layout(const File& file) {
  ExecutableLayout layout;
  const Image* const image = file.Thin();
  if (image == nullptr) return layout;
  if (IsBroken(file)) return ExecutableLayout::Broken();
  for (const Segment& segment : image->segments) {
    for (const Section& section : segment.sections) {
      layout.sections.push_back(
          {section.offset, section.size, section.address, section.size});
    }
  }
  if (!IsPowerPc(image->header) || image->thread_address.value_or(0) == 0) {
    layout.entry_point = 0;
    return layout;
  }
  layout.entry_point = OffsetOf(layout, *image->thread_address);
  // ClamAV gives up on the headers where the entry point is in no section.
  if (!layout.entry_point) return ExecutableLayout::Broken();
  return layout;
}

bool IsBroken(const File& file) {
  const Image* const image = file.Thin();
  if (image == nullptr) return false;
  const uint32_t commands = image->header.command_count;
  if (image->damaged || commands == 0 || commands > kCommandsClamavMax) {
    return true;
  }
  for (const Segment& segment : image->segments) {
    if (segment.section_count > kSegmentSectionsMax) return true;
  }
  return false;
}

}  // namespace vitrine::macho
