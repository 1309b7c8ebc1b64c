// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "tasks/process_map.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  for (const auto& region :
       vitrine::tasks::ParseMaps(vitrine::AsText({data, size}))) {
    if (region.begin >= region.end) std::abort();
    (void)vitrine::tasks::ContentOf(region);
  }
  return 0;
}
