// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace vitrine::dex {

// Entries read of the tables of types, prototypes, fields, methods and classes:
// what instructions can name by 16 bits, and where compilers end. The rest is
// not read.
inline constexpr uint32_t kIdsMax = 65'536;

// Entries read of the table of strings; real ones reach some 200,000. The rest
// is not read.
inline constexpr uint32_t kStringsMax = 300'000;

// Fields and methods read of all classes together: twice what 16 bits number,
// and some. Class data items may lie over each other, so that the file's size
// does not bound them. The rest is left out.
inline constexpr uint32_t kMembersMax = 150'000;

}  // namespace vitrine::dex
