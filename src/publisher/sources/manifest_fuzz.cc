// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"
#include "base/check.h"
#include "publisher/sources/manifest.h"

// What is read is written as the same bytes: there is one spelling.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine;
  const std::string_view text = AsText(Bytes(data, size));
  const auto manifest = publisher::ParseManifest(text);
  if (!manifest.ok()) return 0;
  CHECK(publisher::FormatManifest(manifest.value()) == text);
  return 0;
}
