// SPDX-License-Identifier: Apache-2.0
// Verifier keys: what is taken has one spelling.
#include "tlog/verifier_key.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = vitrine::AsText({data, size});
  const auto key = vitrine::tlog::VerifierKey::Parse(text);
  if (key.ok() && key.value().Text() != text) __builtin_trap();
  return 0;
}
