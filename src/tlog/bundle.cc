// SPDX-License-Identifier: Apache-2.0
#include "tlog/bundle.h"

#include <bit>

#include "base/byte_reader.h"
#include "tlog/limits.h"

namespace vitrine::tlog {
namespace {

// The first `count` entries; `end` becomes where they end.
Result<std::vector<Bytes>> Read(Bytes bytes, size_t count, uint64_t& end) {
  if (count == 0 || count > kTileWidth) {
    return Error{Code::kInvalid, "a bundle has 1 to 256 entries"};
  }
  const ByteReader reader(bytes);
  std::vector<Bytes> entries;
  entries.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    const auto size = TRY((reader.Read<std::endian::big, uint16_t>(end)));
    entries.push_back(TRY(reader.At(end + sizeof size, size)));
    end += sizeof size + uint64_t{size};
  }
  return entries;
}

}  // namespace

Result<std::vector<Bytes>> ParseBundle(Bytes bytes, size_t count) {
  uint64_t end = 0;
  auto entries = TRY(Read(bytes, count, end));
  if (end != bytes.size()) {
    return Error{Code::kInvalid, "bytes after the bundle's last entry"};
  }
  return entries;
}

Result<ByteVector> CutBundle(Bytes bytes, size_t count) {
  uint64_t end = 0;
  TRY(Read(bytes, count, end));
  return ByteVector(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(end));
}

Status AppendToBundle(Bytes entry, ByteVector& bundle) {
  if (entry.size() > kEntryMax) {
    return Error{Code::kLimit, "an entry has at most 65,535 bytes"};
  }
  bundle.push_back(static_cast<uint8_t>(entry.size() >> 8));
  bundle.push_back(static_cast<uint8_t>(entry.size()));
  bundle.insert(bundle.end(), entry.begin(), entry.end());
  return Ok();
}

}  // namespace vitrine::tlog
