// SPDX-License-Identifier: Apache-2.0
// A key as metadata lists it, and a key file. A key that verifies is the same
// key when it is written anew, and a file that is read signs what it verifies.
#include "base/json/reader.h"
#include "tuf/key.h"
#include "tuf/signer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine;  // NOLINT(google-build-using-namespace)
  const auto value = json::Read({data, size}, 1 << 16);
  if (value.ok()) {
    const auto key = tuf::Key::FromJson(value.value());
    if (key.ok()) {
      const auto known = key.value().Public(tuf::Schemes::kStandard);
      if (known.ok()) {
        const auto again =
            tuf::Key::FromPublic(known.value()).Public(tuf::Schemes::kStandard);
        if (!again.ok() || again.value().Spki() != known.value().Spki()) {
          __builtin_trap();
        }
      }
    }
  }
  const auto signer = tuf::Signer::FromText(AsText({data, size}));
  if (signer.ok()) {
    const auto again = tuf::Signer::FromText(signer.value().ToText());
    if (!again.ok() || again.value().key().id() != signer.value().key().id()) {
      __builtin_trap();
    }
  }
  return 0;
}
