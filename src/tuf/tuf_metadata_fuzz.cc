// SPDX-License-Identifier: Apache-2.0
// A metadata file by itself, as each of the four types. What is read is written
// and read again as the same document, whose signatures would still hold.
#include "base/json/writer.h"
#include "tuf/limits.h"
#include "tuf/metadata.h"

namespace {

using namespace vitrine;  // NOLINT(google-build-using-namespace)

template <typename T>
void Check(const json::Object& body, Result<T> (*read)(const json::Object&),
           json::Object (*write)(const T&)) {
  const auto document = read(body);
  if (!document.ok()) return;
  const json::Object once = write(document.value());
  const auto again = read(once);
  if (!again.ok() || write(again.value()) != once) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto envelope = tuf::ReadEnvelope({data, size}, tuf::kRootSizeMax);
  if (!envelope.ok()) return 0;
  const json::Object& body = envelope.value().body;
  Check(body, tuf::ReadRoot, tuf::WriteRoot);
  Check(body, tuf::ReadTimestamp, tuf::WriteTimestamp);
  Check(body, tuf::ReadSnapshot, tuf::WriteSnapshot);
  Check(body, tuf::ReadTargets, tuf::WriteTargets);
  const std::string file =
      tuf::WriteEnvelope(body, envelope.value().signatures);
  const auto again = tuf::ReadEnvelope(AsBytes(file), file.size());
  if (!again.ok() || again.value().canonical != envelope.value().canonical) {
    __builtin_trap();
  }
  return 0;
}
