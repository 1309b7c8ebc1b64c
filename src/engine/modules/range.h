// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace vitrine::engine::modules {

// The bytes that YARA's (offset, size) arguments name: none where either is
// negative or the offset is not inside the object, else cut at its end.
inline std::optional<Bytes> RangeOf(Bytes object, int64_t offset,
                                    int64_t size) {
  if (offset < 0 || size < 0) return std::nullopt;
  const auto start = static_cast<uint64_t>(offset);
  if (start >= object.size()) return std::nullopt;
  return Clip(object, start, static_cast<uint64_t>(size));
}

}  // namespace vitrine::engine::modules
