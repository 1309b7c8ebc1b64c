// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "formats/pe/pe.h"

namespace vitrine::pe {

// What Microsoft's linker notes between the DOS stub and the PE header about
// the tools that made its inputs.
struct RichHeader {
  struct Tool {
    uint16_t id = 0;
    uint16_t version = 0;
    uint32_t count = 0;
  };

  uint64_t offset = 0;  // Of the masked "DanS", in the file.
  uint32_t key = 0;     // Every four bytes were XORed with it.
  Bytes raw;            // Up to, not including, "Rich". A view of the image.
  ByteVector clear;     // `raw` unmasked.
  // Of each tool, version and id as they lie in `clear`; nothing if that is too
  // short for what precedes the tools.
  std::optional<ByteVector> versions;
  std::vector<Tool> tools;
};

std::optional<RichHeader> ReadRichHeader(const Image& image);

}  // namespace vitrine::pe
