// SPDX-License-Identifier: Apache-2.0
// Reports and settings: what is accepted is the one encoding of its value.
#include <cstddef>
#include <cstdint>

#include "wire/report.h"
#include "wire/settings.h"

using namespace vitrine;  // NOLINT(google-build-using-namespace): a harness.

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes bytes(data, size);
  if (const auto report = wire::DecodeReport(bytes); report.ok()) {
    const auto encoded = wire::EncodeReport(report.value());
    if (!encoded.ok() || AsText(encoded.value()) != AsText(bytes)) {
      __builtin_trap();
    }
  }
  if (const auto settings = wire::DecodeSettings(bytes); settings.ok()) {
    const auto encoded = wire::EncodeSettings(settings.value());
    if (!encoded.ok() || AsText(encoded.value()) != AsText(bytes)) {
      __builtin_trap();
    }
  }
  return 0;
}
