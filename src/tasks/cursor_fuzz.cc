// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "crypto/crc32.h"
#include "tasks/cursor.h"

namespace {

// What decodes must survive a second time unchanged.
template <typename T>
void RoundTrip(const vitrine::Result<T>& decoded,
               vitrine::Result<T> (*decode)(vitrine::Bytes)) {
  if (!decoded.ok()) return;
  const auto again = decode(vitrine::tasks::Encode(decoded.value()));
  if (!again.ok() || !(again.value() == decoded.value())) std::abort();
}

void Try(vitrine::Bytes bytes) {
  using namespace vitrine::tasks;
  RoundTrip(DecodeCursor(bytes), DecodeCursor);
  RoundTrip(DecodeTaskRecord(bytes), DecodeTaskRecord);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Try({data, size});
  // The sum would stop nearly all: once more with the right one.
  if (size < 12) return 0;
  vitrine::ByteVector mended(data, data + size);
  const uint32_t sum = vitrine::crypto::Crc32({mended.data() + 12, size - 12});
  for (int i = 0; i < 4; ++i) {
    mended[8 + static_cast<size_t>(i)] = static_cast<uint8_t>(sum >> (8 * i));
  }
  Try(mended);
  return 0;
}
