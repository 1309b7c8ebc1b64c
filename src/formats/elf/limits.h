// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace vitrine::elf {

// Entries read of one symbol table. Large programs with all their symbols have
// some 200,000. What lies beyond is not read.
inline constexpr size_t kSymbolsMax = 250'000;

// Bytes of a section's or symbol's name. The longest names of C++ compilers
// have some 10,000. A longer one counts as not terminated: every symbol may
// point at the same run of bytes, whose end would be looked for each time.
inline constexpr size_t kNameMax = 16'384;

// Entries read of one dynamic segment. Real ones have a line for each library
// and some thirty more; the loop would otherwise run to the end of the file.
inline constexpr size_t kDynamicMax = 65'536;

}  // namespace vitrine::elf
