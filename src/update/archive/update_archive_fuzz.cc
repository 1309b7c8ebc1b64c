// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/check.h"
#include "update/archive/archive.h"

// What is read is written as the same bytes: there is one spelling.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine;
  const Bytes archive(data, size);
  const auto members = update::ReadArchive(archive);
  if (!members.ok()) return 0;
  update::ArchiveWriter writer;
  for (const update::ArchiveMember& member : members.value()) {
    CHECK(writer.Add(member.name, member.bytes).ok());
  }
  const ByteVector written = writer.Finish();
  CHECK(std::equal(written.begin(), written.end(), archive.begin(),
                   archive.end()));
  return 0;
}
