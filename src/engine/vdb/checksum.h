// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace vitrine::engine::vdb {

// XXH3-64. Finds damage, not malice: who made a database is proven elsewhere,
// and every reference is checked whatever the checksum says.
uint64_t Checksum(Bytes bytes);

}  // namespace vitrine::engine::vdb
