// SPDX-License-Identifier: Apache-2.0
// An event record by itself, and what is shown of it: one event has one record,
// and its text holds nothing that a terminal would obey.
#include "base/utf8.h"
#include "events/present.h"
#include "events/record.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine::events;  // NOLINT(google-build-using-namespace)
  const auto event = DecodeEvent({data, size});
  if (!event.ok()) return 0;
  const auto again = DecodeEvent(EncodeEvent(event.value()));
  if (!again.ok() || again.value() != event.value()) __builtin_trap();
  const std::string json = EventJson(event.value(), {});
  const std::string text = EventText(event.value(), {});
  if (!vitrine::IsUtf8(json) || vitrine::Printable(text) != text) {
    __builtin_trap();
  }
  for (const std::string& line : {json, text}) {
    if (line.find('\n') != line.npos) __builtin_trap();
  }
  return 0;
}
