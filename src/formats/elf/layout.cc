// SPDX-License-Identifier: Apache-2.0
#include "formats/elf/elf.h"

// What ClamAV 1.4 makes of ELF headers, as observed from outside.
namespace vitrine::elf {
namespace {

// More are "suspicious" to ClamAV: of segments the file is then broken, of
// sections its headers are merely not used.
constexpr uint16_t kSegmentsMax = 128;
constexpr uint16_t kSectionsMax = 256;

// ClamAV looks at segments only to find the entry point.
bool UsesSegments(const Header& header) {
  return header.entry != 0 && header.segment_count != 0;
}

}  // namespace

ExecutableLayout Layout(const Image& image) {
  ExecutableLayout layout;
  if (image.header.section_count > kSectionsMax || IsBroken(image)) {
    return ExecutableLayout::Broken();
  }
  // To ClamAV no entry point is one at the file's first byte.
  layout.entry_point = 0;
  if (UsesSegments(image.header)) {
    layout.entry_point = OffsetBySegments(image, image.header.entry);
  }
  layout.sections.reserve(image.sections.size());
  for (const Section& section : image.sections) {
    layout.sections.push_back(
        {section.offset, section.size, section.address, section.size});
  }
  return layout;
}

bool IsBroken(const Image& image) {
  const Header& header = image.header;
  if (header.segment_count > kSegmentsMax) return true;
  if (UsesSegments(header)) {
    if (header.segment_size != (header.is_64 ? 56 : 32)) return true;
    if (image.segments.size() != header.segment_count) return true;
    if (!OffsetBySegments(image, header.entry)) return true;
  }
  if (header.section_size != (header.is_64 ? 64 : 40)) return true;
  return image.sections.size() != header.section_count;
}

bool IsBroken(Bytes bytes) {
  const auto image = Parse(bytes);
  if (image.ok()) return IsBroken(image.value());
  // Of an unknown class, which is why it was refused.
  return image.error().code == Code::kInvalid && bytes.size() >= 64 &&
         AsText(bytes.first(4)) ==
             "\x7f"
             "ELF";
}

}  // namespace vitrine::elf
