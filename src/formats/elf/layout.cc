// SPDX-License-Identifier: Apache-2.0
#include "formats/elf/elf.h"

namespace vitrine::elf {

ExecutableLayout Layout(const Image& image) {
  ExecutableLayout layout;
  layout.entry_point = OffsetBySegments(image, image.header.entry);
  layout.sections.reserve(image.sections.size());
  for (const Section& section : image.sections) {
    layout.sections.push_back(
        {section.offset, section.size, section.address, section.size});
  }
  return layout;
}

bool IsBroken(const Image& image) {
  return image.segments.size() != image.header.segment_count ||
         image.sections.size() != image.header.section_count;
}

}  // namespace vitrine::elf
