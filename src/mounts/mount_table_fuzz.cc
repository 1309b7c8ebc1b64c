// SPDX-License-Identifier: Apache-2.0
// A mount table: its lines are the kernel's, the names in them anybody's.
#include <cstdint>

#include "base/bytes.h"
#include "mounts/mount_table.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  size_t odd = 0;
  const auto mounts =
      vitrine::mounts::ParseMounts(vitrine::AsText({data, size}), odd);
  if (!mounts.ok()) return 0;
  for (const auto& mount : mounts.value()) {
    (void)vitrine::mounts::RuleOf(mount.type);
  }
  return 0;
}
