// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"
#include "update/release/leaf.h"

// What is read is written as the same bytes: there is one spelling.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine;
  const std::string_view text = AsText(Bytes(data, size));
  const auto leaf = update::ParseLeaf(text);
  if (!leaf.ok()) return 0;
  const auto written = update::FormatLeaf(leaf.value());
  CHECK(written.ok() && written.value() == text);
  return 0;
}
