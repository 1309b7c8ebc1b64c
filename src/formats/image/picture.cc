// SPDX-License-Identifier: Apache-2.0
#include "formats/image/picture.h"

#include "formats/image/limits.h"

namespace vitrine::image {

Status CheckSize(uint64_t width, uint64_t height) {
  if (width == 0 || height == 0) {
    return Error{Code::kInvalid, "picture without pixels"};
  }
  if (width > kPixelsMax || height > kPixelsMax / width) {
    return Error{Code::kLimit, "picture too large"};
  }
  return Ok();
}

}  // namespace vitrine::image
