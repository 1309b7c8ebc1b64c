// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace vitrine::elf {

// Entries read of one symbol table. Chromium with all its symbols has half a
// million. What lies beyond is not read.
inline constexpr size_t kSymbolsMax = 1'000'000;

// Entries read of one dynamic segment. Real ones have a line for each library
// and some thirty more; the loop would otherwise run to the end of the file.
inline constexpr size_t kDynamicMax = 65'536;

}  // namespace vitrine::elf
