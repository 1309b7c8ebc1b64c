// SPDX-License-Identifier: Apache-2.0
#include "engine/vdb/checksum.h"

#include <xxhash.h>

namespace vitrine::engine::vdb {

uint64_t Checksum(Bytes bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace vitrine::engine::vdb
