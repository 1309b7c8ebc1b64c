// SPDX-License-Identifier: Apache-2.0
// The first byte says which format, the second the allowance.
#include <array>
#include <cstddef>
#include <cstdint>

#include "formats/archive/archive.h"
#include "formats/recording_sink.h"

using vitrine::FileType;

// libarchive asks for what a 7z header claims, and takes a refusal well.
extern "C" const char* __asan_default_options() {
  return "allocator_may_return_null=1:max_allocation_size_mb=1024";
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr std::array kTypes = {
      FileType::kPOSIX_TAR, FileType::kCPIO_NEWC, FileType::kCPIO_OLD,
      FileType::k7Z,        FileType::kRAR,       FileType::kMSCAB,
      FileType::kISO9660,   FileType::kXAR,       FileType::kAR,
      FileType::kLHA_LZH,   FileType::kRPM};
  if (size < 2) return 0;
  const vitrine::Bytes bytes(data + 2, size - 2);
  const uint64_t allowance = uint64_t{data[1]} * 512;
  vitrine::RecordingSink sink(allowance);
  const auto deadline = vitrine::Deadline::After(std::chrono::seconds(5));
  const vitrine::Status status = vitrine::archive::Unpack(
      kTypes[data[0] % kTypes.size()], bytes, deadline, sink);
  if (sink.broke_contract) __builtin_trap();
  if (!status.ok() && status.error().code == vitrine::Code::kInvalid &&
      !sink.seen.empty()) {
    __builtin_trap();
  }
  return 0;
}
