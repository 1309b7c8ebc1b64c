// SPDX-License-Identifier: Apache-2.0
// What a sandboxee says of its cage is parsed outside of it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "sandbox/cage_report.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using vitrine::sandbox::CageReport;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const vitrine::Result<CageReport> report = CageReport::Parse(text);
  if (!report.ok()) return 0;
  // What was taken can be written and taken again, and is the same.
  const std::string written = report.value().Format();
  const vitrine::Result<CageReport> again = CageReport::Parse(written);
  CHECK(again.ok());
  CHECK(again.value().Format() == written);
  return 0;
}
