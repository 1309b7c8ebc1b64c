// SPDX-License-Identifier: Apache-2.0
#include "engine/vdb/checksum.h"

#include <xxhash.h>
#if defined(__x86_64__)
// The same number by the widest registers that there are.
#include <xxh_x86dispatch.h>
#endif

namespace vitrine::engine::vdb {

uint64_t Checksum(Bytes bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace vitrine::engine::vdb
