// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "formats/html/html.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const vitrine::Bytes page(data, size);
  const auto views = vitrine::html::Normalise(page, {});
  if (views.cut) __builtin_trap();
  // A character reference of three bytes may be spelled out in eight.
  if (views.nocomment.size() > 16 + 8 * size) __builtin_trap();
  if (views.notags.size() > 16 + 8 * size) __builtin_trap();
  const vitrine::html::Limits limits{size / 2 + 1, size / 3 + 1, 64};
  const auto less = vitrine::html::Normalise(page, limits);
  if (less.notags.size() > limits.notags_max) __builtin_trap();
  (void)vitrine::html::FromUtf16(page);
  return 0;
}
