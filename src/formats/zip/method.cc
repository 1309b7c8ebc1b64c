// SPDX-License-Identifier: Apache-2.0
#include "formats/zip/method.h"

#include <utility>

#include "formats/zip/entry.h"

namespace vitrine::zip {
namespace {

constexpr uint16_t kFlagWindow8k = 2;     // Of method implode.
constexpr uint16_t kFlagLiteralTree = 4;  // Of method implode.
constexpr uint16_t kFlagEndMarker = 2;    // Of method lzma.

codec::Decoded Run(uint16_t method, uint16_t flags, codec::Input input) {
  switch (method) {
    case kShrink:
      return codec::Shrink(input);
    case kImplode:
      return codec::Implode(input, {(flags & kFlagWindow8k) != 0,
                                    (flags & kFlagLiteralTree) != 0});
    case kDeflate64:
      return codec::Deflate64(input);
    case kBzip2:
      return codec::Bzip2(input);
    case kLzma:
      if ((flags & kFlagEndMarker) != 0) input.expected = 0;
      return codec::LzmaZip(input);
    case kXz:
      return codec::Xz(input);
    case kZstd:
    case kZstdOld:
      return codec::Zstd(input);
    default:
      return codec::Deflate(input);
  }
}

}  // namespace

bool CanDecode(uint16_t method, bool all) {
  switch (method) {
    case kStore:
    case kShrink:
    case kImplode:
    case kDeflate:
    case kDeflate64:
    case kBzip2:
      return true;
    case kLzma:
    case kXz:
    case kZstd:
    case kZstdOld:
      return all;
    default:
      return false;
  }
}

Unpacked Decode(uint16_t method, uint16_t flags, const codec::Input& packed) {
  Unpacked unpacked;
  if (method == kStore) {
    unpacked.bytes = Clip(packed.bytes, 0, packed.allowance);
    if (unpacked.bytes.size() < packed.bytes.size()) {
      unpacked.end = codec::End::kCut;
    }
    return unpacked;
  }
  unpacked.decoded = Run(method, flags, packed);
  unpacked.end = unpacked.decoded->end;
  unpacked.bytes = unpacked.decoded->out.bytes();
  return unpacked;
}

}  // namespace vitrine::zip
