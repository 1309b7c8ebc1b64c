// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"

namespace vitrine::image {

// A picture in shades of grey, row by row.
struct Picture {
  uint32_t width = 0;
  uint32_t height = 0;
  ByteVector grey;
};

// ITU-R BT.601, rounded.
constexpr uint8_t Grey(uint32_t red, uint32_t green, uint32_t blue) {
  return static_cast<uint8_t>((red * 299 + green * 587 + blue * 114 + 500) /
                              1000);
}

// kLimit where there are too many pixels, kInvalid where there are none.
Status CheckSize(uint64_t width, uint64_t height);

Result<Picture> DecodePng(Bytes file);
Result<Picture> DecodeJpeg(Bytes file);
// The first picture of the file, on its screen.
Result<Picture> DecodeGif(Bytes file);
// Without compression, in 1, 4, 8, 24 or 32 bits.
Result<Picture> DecodeBmp(Bytes file);

}  // namespace vitrine::image
