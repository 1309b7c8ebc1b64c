// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "formats/image/broken.h"
#include "formats/image/fuzzy_hash.h"
#include "formats/image/picture.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using vitrine::FileType;
  using vitrine::Result;
  using vitrine::image::Picture;
  const vitrine::Bytes file(data, size);
  // A picture is as large as it says.
  const auto check = [](const Result<Picture>& picture) {
    if (!picture.ok()) return;
    const Picture& p = picture.value();
    if (p.grey.size() != size_t{p.width} * p.height) __builtin_trap();
  };
  check(vitrine::image::DecodePng(file));
  check(vitrine::image::DecodeJpeg(file));
  check(vitrine::image::DecodeGif(file));
  check(vitrine::image::DecodeBmp(file));
  (void)vitrine::image::FuzzyHash(file);
  for (const FileType type :
       {FileType::kPNG, FileType::kJPEG, FileType::kGIF, FileType::kTIFF}) {
    (void)vitrine::image::BrokenReason(file, type);
  }
  return 0;
}
