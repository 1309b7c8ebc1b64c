// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::pe {

// Section headers read. The Windows loader refuses images with more than 96;
// what comes after them is ignored.
inline constexpr uint32_t kSectionCountMax = 96;

// Data directories; the format has no more. Those after them are ignored.
inline constexpr uint32_t kDirectoryCountMax = 16;

// Bytes of a section's name in the COFF string table; cut there.
inline constexpr uint64_t kSectionNameSizeMax = 4096;

}  // namespace vitrine::pe
