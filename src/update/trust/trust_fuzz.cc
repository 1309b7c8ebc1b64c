// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"
#include "base/check.h"
#include "update/trust/trust.h"

// What is read is written so that the same is read, and is as strict as itself.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine;
  const auto trust = update::ParseTrust(AsText(Bytes(data, size)));
  if (!trust.ok()) return 0;
  const std::string written = update::FormatTrust(trust.value());
  const auto again = update::ParseTrust(written);
  CHECK(again.ok() && update::FormatTrust(again.value()) == written);
  if (trust.value().policy.witnesses.size() <= 8) {
    CHECK(update::CheckTightened(trust.value(), again.value()).ok());
  }
  return 0;
}
