// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace vitrine::detect {

// The first offset from `from` on at which the first two bytes of some
// embedded file's signature stand, or bytes.size().
uint64_t FindPair(Bytes bytes, uint64_t from);

}  // namespace vitrine::detect
