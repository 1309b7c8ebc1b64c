// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "formats/pe/pe.h"

namespace vitrine::pe {

// One picture of a group icon: what the Windows shell would show.
struct Icon {
  int32_t group = 0;   // Number of the group it is part of, if it has one.
  uint16_t id = 0;     // Of its RT_ICON resource.
  uint32_t width = 0;  // As the group claims; 256 where it says 0.
  uint32_t height = 0;
  uint16_t bits_per_pixel = 0;
  // A BITMAPINFOHEADER with its pixels and mask, or a PNG.
  Bytes data;
};

// Pictures of all RT_GROUP_ICON resources, in the order of the resource tree,
// at most `max_count`.
std::vector<Icon> ReadIcons(const Image& image, uint32_t max_count);

}  // namespace vitrine::pe
