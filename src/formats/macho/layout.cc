// SPDX-License-Identifier: Apache-2.0
#include "formats/macho/macho.h"

namespace vitrine::macho {

ExecutableLayout Layout(const File& file) {
  ExecutableLayout layout;
  const Image* const image = file.Thin();
  if (image == nullptr) return layout;
  layout.entry_point = image->entry_point;
  for (const Segment& segment : image->segments) {
    for (const Section& section : segment.sections) {
      layout.sections.push_back(
          {section.offset, section.size, section.address, section.size});
    }
  }
  return layout;
}

}  // namespace vitrine::macho
