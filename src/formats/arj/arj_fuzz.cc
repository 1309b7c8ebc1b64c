// SPDX-License-Identifier: Apache-2.0
// The first byte says how much a member may have.
#include <cstddef>
#include <cstdint>

#include "formats/arj/arj.h"
#include "formats/recording_sink.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  vitrine::RecordingSink sink(uint64_t{data[0]} * 256);
  const vitrine::Status status = vitrine::arj::Unpack(
      vitrine::Bytes(data + 1, size - 1), vitrine::Deadline::Never(), sink);
  if (sink.broke_contract) __builtin_trap();
  if (!status.ok() && !sink.asked.empty()) __builtin_trap();
  return 0;
}
