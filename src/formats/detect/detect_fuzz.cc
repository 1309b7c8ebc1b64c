// SPDX-License-Identifier: Apache-2.0
// The first byte picks the type of what the rest is taken for; if it is odd,
// the start of the rest is also a file type pattern.
#include <cstddef>
#include <cstdint>
#include <string>

#include "formats/detect/detect.h"

using namespace vitrine;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const Bytes bytes(data + 1, size - 1);
  const FileType type = Detect(bytes);
  if (type == FileType::kANY) __builtin_trap();
  const auto check = [&](const std::vector<Embedded>& found) {
    uint64_t last = 0;
    for (const Embedded& embedded : found) {
      if (embedded.offset < last || embedded.offset >= bytes.size() ||
          embedded.size > bytes.size() - embedded.offset) {
        __builtin_trap();
      }
      last = embedded.offset;
    }
  };
  check(FindEmbedded(bytes, static_cast<FileType>(data[0]), 0));
  if ((data[0] & 1) == 0) return 0;
  FileTypeEntry entry;
  entry.kind = FileTypeEntry::Kind::kPattern;
  entry.pattern = std::string(AsText(Clip(bytes, 0, 64)));
  entry.pattern = entry.pattern.substr(0, entry.pattern.find('\n'));
  entry.type = (data[0] & 2) != 0 ? FileType::kZIPSFX : FileType::kPNG;
  const auto table = FileTypeTable::Create({&entry, 1});
  if (!table.ok()) return 0;
  Detect(bytes, &table.value());
  check(FindEmbedded(bytes, FileType::kANY, 0, &table.value()));
  return 0;
}
