// SPDX-License-Identifier: Apache-2.0
// A segment as somebody else wrote it: what is taken for a record is written
// again to the byte.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "ledger/record.h"
#include "ledger/segment.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine::ledger;  // NOLINT(google-build-using-namespace)
  const std::string_view text = vitrine::AsText({data, size});
  const Sound sound = Examine(text);
  CHECK(sound.bytes <= size);
  Chain chain = sound.head.before;
  for (size_t at = 0; at < size;) {
    const size_t end = std::min(text.find('\n', at), size);
    const std::string_view line = text.substr(at, end - at);
    const auto head = ParseHead(line);
    if (head.ok()) CHECK(FormatHead(head.value()) == std::string(line) + "\n");
    const auto parsed = ParseRecord(line, chain);
    if (parsed.ok() && parsed.value().unbroken) {
      const Line again = FormatRecord(parsed.value().record, chain);
      CHECK(again.text == std::string(line) + "\n");
      chain = again.chain;
    }
    at = end + 1;
  }
  return 0;
}
