// SPDX-License-Identifier: Apache-2.0
// The text that the guard answers `status` with, read by the person's command.
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "wire/guard_status.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine::wire;  // NOLINT(google-build-using-namespace)
  const auto status = ParseGuardStatus(vitrine::AsText({data, size}));
  if (!status.ok()) return 0;
  const auto again = ParseGuardStatus(Format(status.value()));
  if (!again.ok() || again.value() != status.value()) std::abort();
  return 0;
}
