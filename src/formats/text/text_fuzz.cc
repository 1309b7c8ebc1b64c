// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "formats/text/normalise.h"
#include "formats/text/structured.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const vitrine::Bytes text(data, size);
  const auto view = vitrine::text::Normalise(text, 4096).bytes;
  if (view.size() > size || view.size() > 4096) __builtin_trap();
  // Normal text stays as it is.
  if (vitrine::text::Normalise(view, 0).bytes != view) __builtin_trap();
  for (const uint8_t byte : view) {
    if (byte < ' ' || byte > 0x7f || (byte >= 'A' && byte <= 'Z')) {
      __builtin_trap();
    }
  }
  const auto counts = vitrine::text::CountStructured(text);
  if (counts.cards_only > counts.credit_cards) __builtin_trap();
  if (uint64_t{counts.credit_cards} * 13 > size) __builtin_trap();
  return 0;
}
