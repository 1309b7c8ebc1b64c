// SPDX-License-Identifier: Apache-2.0
// What the reader of a quarantine item believes before and after decryption.
// The first byte says which of the three parts the rest is.
#include "quarantine/item.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine::quarantine;  // NOLINT(google-build-using-namespace)
  if (size == 0) return 0;
  const vitrine::Bytes bytes(data + 1, size - 1);
  switch (data[0]) {
    case 'P':
      if (const auto prefix = ParsePrefix(bytes); prefix.ok()) {
        const auto again = ParsePrefix(EncodePrefix(prefix.value()));
        if (!again.ok() || again.value() != prefix.value()) __builtin_trap();
      }
      break;
    case 'M':
      if (const auto metadata = ParseMetadata(bytes); metadata.ok()) {
        const auto again = ParseMetadata(EncodeMetadata(metadata.value()));
        if (!again.ok() || again.value() != metadata.value()) __builtin_trap();
      }
      break;
    case 'S':
      if (const auto seal = ParseSeal(bytes); seal.ok()) {
        // A digest that is not there is not written either.
        const auto again = ParseSeal(EncodeSeal(seal.value()));
        if (!again.ok() || again.value() != seal.value()) __builtin_trap();
      }
      break;
    default:
      break;
  }
  return 0;
}
