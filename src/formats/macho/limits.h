// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::macho {

// Architectures read of a universal file. Apple's largest have five; a Java
// class file, read as one, claims as many as its version (45 and more). All may
// lie over the same bytes, so that work would be their number times the file.
// The rest is left out and File::cut set.
inline constexpr uint32_t kArchitecturesMax = 256;

// Load commands and sections read of one file, all its architectures together.
// The largest real binaries have some hundreds. The rest is left out and
// File::cut set.
inline constexpr size_t kCommandsMax = 65'536;
inline constexpr size_t kSectionsMax = 65'536;

}  // namespace vitrine::macho
