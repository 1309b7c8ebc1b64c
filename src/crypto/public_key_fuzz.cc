// SPDX-License-Identifier: Apache-2.0
// Public keys in DER and PEM: one that is taken has one encoding, and verifies
// nothing that no one signed.
#include "crypto/signature.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using vitrine::crypto::PublicKey;
  const vitrine::Bytes bytes(data, size);
  const auto of_der = PublicKey::FromSpki(bytes);
  const auto of_pem = PublicKey::FromPem(vitrine::AsText(bytes));
  for (const auto* key : {&of_der, &of_pem}) {
    if (!key->ok()) continue;
    const auto again = PublicKey::FromPem(key->value().Pem());
    if (!again.ok() || again.value().Spki() != key->value().Spki()) {
      __builtin_trap();
    }
    // A toy key may verify by luck what it is: only that it ends.
    (void)key->value().Verify(bytes, bytes);
  }
  return 0;
}
