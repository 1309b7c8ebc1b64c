// SPDX-License-Identifier: Apache-2.0
// Lines of a job, or of its results: what is taken is written again to the
// byte.
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "base/text.h"
#include "wire/courier.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine;  // NOLINT(google-build-using-namespace)
  const std::string_view text = AsText({data, size});
  wire::CourierJobReader reader;
  size_t used = 0;
  for (const std::string_view line : Split(text, '\n')) {
    used += line.size() + 1;
    const auto done = reader.Line(line);
    if (!done.ok()) break;
    if (!done.value()) continue;
    const wire::CourierJob job = reader.Take();
    for (const auto& fetch : job.fetches)
      CHECK(wire::IsCourierName(fetch.name));
    const std::string again = wire::FormatJob(job);
    CHECK(again.substr(0, again.size() - 1) == text.substr(0, used - 1));
    break;
  }
  for (const std::string_view line : Split(text, '\n')) {
    const auto result = wire::ParseCourierResult(line);
    if (!result.ok() || !result.value()) continue;
    CHECK(wire::FormatResult(*result.value()) == std::string(line) + "\n");
  }
  return 0;
}
