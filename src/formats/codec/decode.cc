// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/decode.h"

namespace vitrine::codec {

const char* EndName(End end) {
  switch (end) {
    case End::kWhole:
      return "whole";
    case End::kCut:
      return "cut";
    case End::kTruncated:
      return "truncated";
    case End::kDamaged:
      return "damaged";
    case End::kMemory:
      return "memory-limit";
    case End::kDeadline:
      return "max-scantime";
  }
  return "damaged";
}

}  // namespace vitrine::codec
