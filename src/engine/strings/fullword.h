// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/text.h"

namespace vitrine::engine::strings {

// Whether no letter or digit touches object[at, at + length). For wide text
// the neighbours are characters too: a byte and a zero. An underscore is no
// letter here, though it is one for `\b`.
inline bool IsFullword(Bytes object, uint64_t at, uint64_t length, bool wide) {
  const uint64_t end = at + length;
  if (!wide) {
    return (at == 0 || !IsAlnum(object[at - 1])) &&
           (end >= object.size() || !IsAlnum(object[end]));
  }
  const bool before = at >= 2 && object[at - 1] == 0 && IsAlnum(object[at - 2]);
  const bool after = end < object.size() && object.size() - end >= 2 &&
                     object[end + 1] == 0 && IsAlnum(object[end]);
  return !before && !after;
}

}  // namespace vitrine::engine::strings
