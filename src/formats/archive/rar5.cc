// SPDX-License-Identifier: Apache-2.0
#include "formats/archive/rar5.h"

#include <string_view>

#include "base/code.h"
#include "formats/archive/limits.h"

namespace vitrine::archive {
namespace {

constexpr std::string_view kSignature("Rar!\x1a\7\1\0", 8);
constexpr uint64_t kBlockFile = 2;
constexpr uint64_t kBlockEncryption = 4;
constexpr uint64_t kBlockEnd = 5;
constexpr uint64_t kHasExtra = 1;
constexpr uint64_t kHasData = 2;
constexpr uint64_t kExtraEncryption = 1;

// Whether one of the records in a file's extra area says so.
bool HasEncryption(Bytes extra) {
  CodeReader reader(extra);
  while (reader.ok() && !reader.AtEnd()) {
    CodeReader record(reader.Counted());
    if (reader.ok() && record.Varint() == kExtraEncryption && record.ok()) {
      return true;
    }
  }
  return false;
}

}  // namespace

Rar5Encryption FindRar5Encryption(Bytes archive) {
  Rar5Encryption found;
  if (!AsText(archive).starts_with(kSignature)) return found;
  CodeReader reader(archive, kSignature.size());
  // Each block: checksum, its header with the size before it, its data. The
  // format's variable-length integers are LEB128.
  while (reader.ok() && !reader.AtEnd()) {
    reader.U32();
    const Bytes header = reader.Counted();
    CodeReader fields(header);
    const uint64_t type = fields.Varint();
    const uint64_t flags = fields.Varint();
    const uint64_t extra = (flags & kHasExtra) != 0 ? fields.Varint() : 0;
    const uint64_t data = (flags & kHasData) != 0 ? fields.Varint() : 0;
    if (!reader.ok() || !fields.ok() || extra > header.size()) break;
    if (type == kBlockEncryption) found.headers = true;
    if (type == kBlockEncryption || type == kBlockEnd) break;
    if (type == kBlockFile) {
      if (found.files.size() == kEntriesMax) break;
      found.files.push_back(HasEncryption(header.last(extra)));
    }
    reader.Raw(data);
  }
  return found;
}

}  // namespace vitrine::archive
