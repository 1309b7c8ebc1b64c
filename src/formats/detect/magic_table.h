// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "formats/file_type.h"

namespace vitrine::detect {

struct Magic {
  std::string_view bytes;
  FileType type;
};

// `index[b]` to `index[b + 1]` are the entries of `entries` that start with b.
struct MagicTable {
  const Magic* entries;
  const uint16_t* index;  // 257 of them.
};

MagicTable Magics();

}  // namespace vitrine::detect
