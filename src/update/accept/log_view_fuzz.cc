// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"
#include "base/check.h"
#include "update/accept/log_view.h"

// What is read is written as the same bytes: there is one spelling.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine;
  const std::string_view text = AsText(Bytes(data, size));
  const auto view = update::ParseLogView(text);
  if (view.ok()) CHECK(update::FormatLogView(view.value()) == text);
  return 0;
}
