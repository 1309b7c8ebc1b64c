// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "base/bytes.h"
#include "engine/sources/container_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine;
  using namespace vitrine::engine::sources;
  if (size > 65536) return 0;
  const Bytes bytes(data, size);
  (void)ReadSignFile(AsText(bytes)).ok();
  if (const auto members = ReadTar(bytes); members.ok()) {
    uint64_t sum = 0;
    for (const TarMember& member : members.value()) {
      sum += member.bytes.size();
    }
    if (sum > size) __builtin_trap();
  }
  ContainerFile::Options lax{false, false};
  const bool taken = ContainerFile::Open(bytes, {}).ok();
  // What passes every check passes fewer.
  if (taken && !ContainerFile::Open(bytes, lax).ok()) __builtin_trap();
  (void)ContainerFile::Open(bytes, lax).ok();
  return 0;
}
