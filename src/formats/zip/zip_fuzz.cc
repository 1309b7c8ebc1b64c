// SPDX-License-Identifier: Apache-2.0
// The first byte says how much a member may have, and whether to go beyond
// what ClamAV does.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "formats/recording_sink.h"
#include "formats/zip/zip.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const vitrine::Bytes archive(data + 1, size - 1);
  static const std::vector<std::string> passwords = {"infected", ""};
  vitrine::zip::Options options;
  options.passwords = passwords;
  options.beyond_clamav = (data[0] & 1) != 0;
  vitrine::RecordingSink sink(uint64_t{data[0]} * 256);
  const vitrine::Status status = vitrine::zip::Unpack(archive, options, sink);
  if (sink.broke_contract) __builtin_trap();
  // Refused means that nothing was said about it.
  if (!status.ok() && !sink.asked.empty()) __builtin_trap();
  uint64_t made = 0;
  for (const auto& seen : sink.seen) made += seen.bytes.size();
  if (made > sink.asked.size() * uint64_t{data[0]} * 256) __builtin_trap();
  return 0;
}
