// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/debug.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "formats/pe/limits.h"

namespace vitrine::pe {
namespace {

constexpr uint64_t kEntrySize = 28;
constexpr uint32_t kTypeCodeView = 2;

// Bytes before the path in each kind of record.
std::optional<uint64_t> PathAt(uint32_t signature) {
  switch (signature) {
    case 0x53445352:  // "RSDS"
      return 24;
    case 0x3031424e:  // "NB10"
      return 16;
    case 0x434f544d:  // "MTOC", of EFI's tools
      return 20;
    default:
      return std::nullopt;
  }
}

std::optional<std::string_view> PathOf(const Image& image, uint64_t offset) {
  const auto signature = ByteReader(image.bytes).U32(offset);
  if (!signature) return std::nullopt;
  const auto at = PathAt(*signature);
  if (!at) return std::nullopt;
  const std::string_view path = StringAt(image, offset + *at, kPdbPathSizeMax);
  if (path.empty()) return std::nullopt;
  return path;
}

}  // namespace

std::optional<std::string_view> PdbPath(const Image& image) {
  const DataDirectory directory = image.directory(Directory::kDebug);
  if (directory.address == 0) return std::nullopt;
  const ByteReader entries(AtRva(image, directory.address));
  const uint64_t count =
      std::min<uint64_t>(directory.size / kEntrySize, kDebugEntryCountMax);
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t at = i * kEntrySize;
    if (!entries.Contains(at, kEntrySize)) break;
    if (entries.U32(at + 12) != kTypeCodeView) continue;
    const uint32_t rva = *entries.U32(at + 20);
    auto offset = rva != 0 ? RvaToOffset(image, rva) : std::nullopt;
    if (!offset) offset = *entries.U32(at + 24);
    if (const auto path = PathOf(image, *offset)) return path;
  }
  return std::nullopt;
}

}  // namespace vitrine::pe
