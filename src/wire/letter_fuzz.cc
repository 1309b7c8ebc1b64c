// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"
#include "wire/letter.h"

// A head never promises more than was allowed, and its text is part of it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine;
  constexpr size_t kMost = 1000;
  const std::string_view text = AsText(Bytes(data, size));
  const auto head = wire::ParseLetterHead(text, kMost);
  if (!head.ok()) return 0;
  CHECK(head.value().body <= kMost && text.ends_with(head.value().text));
  return 0;
}
