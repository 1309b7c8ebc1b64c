// SPDX-License-Identifier: Apache-2.0
#include "update/delta/delta.h"

// One byte says where the old file ends and the delta begins.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine;
  if (size == 0 || size_t{data[0]} + 1 > size) return 0;
  const Bytes old_file(data + 1, data[0]);
  const Bytes file(data + 1 + data[0], size - 1 - data[0]);
  const auto delta = update::ParseDelta(file);
  if (!delta.ok() || delta.value().new_size > 1 << 20) return 0;
  ByteVector out(delta.value().new_size);
  static_cast<void>(update::ApplyDelta(delta.value(), old_file, out));
  return 0;
}
