// SPDX-License-Identifier: Apache-2.0
// The list of trusted content: a text that root's editor may have been at.
#include "quarantine/limits.h"
#include "quarantine/trusted.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using vitrine::quarantine::Trusted;
  const auto list = Trusted::Parse(vitrine::AsText({data, size}));
  if (!list.ok()) return 0;
  if (list.value().entries().size() > vitrine::quarantine::kTrustedMax) {
    __builtin_trap();
  }
  for (const auto& entry : list.value().entries()) {
    if (!list.value().HasSize(entry.size)) __builtin_trap();
  }
  return 0;
}
