// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace vitrine::dex {

// Entries read of one table. Indices of types, prototypes and of the methods
// an instruction can name have 16 bits, so that real files stay near it; string
// tables reach some 200,000. The rest is not read.
inline constexpr uint32_t kTableMax = 1'000'000;

// Fields and methods read of all classes together; class data items may lie
// over each other, so that the file's size does not bound them. The rest is
// left out.
inline constexpr uint32_t kMembersMax = 1'000'000;

}  // namespace vitrine::dex
