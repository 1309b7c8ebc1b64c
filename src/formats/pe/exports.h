// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "formats/pe/pe.h"

namespace vitrine::pe {

// Strings are views of the image.
struct Export {
  uint32_t ordinal = 0;  // With the base added.
  uint32_t rva = 0;
  std::optional<uint64_t> offset;  // In the file; not of a forward.
  std::optional<std::string_view> name;
  std::optional<std::string_view> forward;  // "NTDLL.RtlAllocateHeap".
};

struct Exports {
  std::optional<uint32_t> timestamp;
  std::optional<std::string_view> library_name;
  std::vector<Export> functions;  // In the order of their ordinals.
  bool cut = false;               // A limit of ours was reached.
};

Exports ReadExports(const Image& image);

}  // namespace vitrine::pe
