// SPDX-License-Identifier: Apache-2.0
// The JSON reader by itself. What it takes is written and read again as the
// same value, and has one canonical form.
#include "base/json/reader.h"
#include "base/json/writer.h"
#include "base/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine;  // NOLINT(google-build-using-namespace)
  constexpr size_t kMax = 1 << 16;
  const auto value = json::Read({data, size}, kMax);
  if (!value.ok()) return 0;
  const std::string text = json::Write(value.value());
  if (!IsUtf8(text)) __builtin_trap();
  for (const std::string& again : {text, json::WriteIndented(value.value())}) {
    const auto second = json::Read(AsBytes(again), 8 * kMax);
    if (!second.ok() || second.value() != value.value()) __builtin_trap();
  }
  const std::string canonical = json::WriteCanonical(value.value());
  if (canonical.size() > text.size()) __builtin_trap();
  return 0;
}
