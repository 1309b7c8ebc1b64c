// SPDX-License-Identifier: Apache-2.0
// The configuration reader over any bytes; what it accepts has masks that match
// without running away.
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "config/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 4096) return 0;
  std::vector<vitrine::config::Problem> problems;
  const auto text = vitrine::AsText({data, size});
  const auto config = vitrine::config::ReadConfig(text, problems);
  for (const auto& mask : config.guard.exclude_paths) {
    (void)mask.Matches(text);
  }
  (void)vitrine::config::Describe("f", problems);
  return 0;
}
