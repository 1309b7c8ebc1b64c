// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/exports.h"

#include "base/byte_reader.h"
#include "formats/pe/limits.h"

namespace vitrine::pe {
namespace {

constexpr uint64_t kDirectorySize = 40;

struct Tables {
  uint32_t ordinal_base = 0;
  uint32_t function_count = 0;
  uint32_t name_count = 0;
  ByteReader functions{Bytes()};
  ByteReader names{Bytes()};
  ByteReader ordinals{Bytes()};
};

std::optional<std::string_view> NameAt(const Image& image, uint64_t rva,
                                       uint64_t max_size) {
  const auto offset = RvaToOffset(image, rva);
  if (!offset || *offset == 0) return std::nullopt;
  return StringAt(image, *offset, max_size);
}

void ReadFunctions(const Image& image, const DataDirectory& directory,
                   const Tables& tables, Exports& exports) {
  for (uint32_t i = 0; i < tables.function_count; ++i) {
    const auto rva = tables.functions.U32(uint64_t{i} * 4);
    if (!rva) return;
    Export function;
    function.ordinal = tables.ordinal_base + i;
    function.rva = *rva;
    // An address inside the directory itself is that of a forward's name.
    if (*rva > directory.address && *rva - directory.address < directory.size) {
      function.forward = NameAt(image, *rva, kExportNameSizeMax);
    } else {
      function.offset = RvaToOffset(image, *rva);
    }
    exports.functions.push_back(function);
  }
}

void ReadNames(const Image& image, const Tables& tables, Exports& exports) {
  std::vector<bool> seen(exports.functions.size());
  for (uint32_t i = 0; i < tables.name_count; ++i) {
    const auto index = tables.ordinals.U16(uint64_t{i} * 2);
    const auto rva = tables.names.U32(uint64_t{i} * 4);
    if (!index || !rva) return;
    // The first name of a function is the one it is known by.
    if (*index >= seen.size() || seen[*index]) continue;
    seen[*index] = true;
    exports.functions[*index].name = NameAt(image, *rva, kExportNameSizeMax);
  }
}

}  // namespace

Exports ReadExports(const Image& image) {
  Exports exports;
  const DataDirectory directory = image.directory(Directory::kExport);
  if (directory.address == 0) return exports;
  const ByteReader header(AtRva(image, directory.address));
  if (!header.Contains(0, kDirectorySize)) return exports;
  exports.timestamp = header.U32(4);
  exports.library_name =
      NameAt(image, header.U32(12).value_or(0), kLongNameSizeMax);
  Tables tables;
  tables.ordinal_base = header.U32(16).value_or(0);
  tables.function_count = header.U32(20).value_or(0);
  tables.name_count = header.U32(24).value_or(0);
  tables.functions = ByteReader(AtRva(image, header.U32(28).value_or(0)));
  tables.names = ByteReader(AtRva(image, header.U32(32).value_or(0)));
  tables.ordinals = ByteReader(AtRva(image, header.U32(36).value_or(0)));
  if (tables.function_count > kExportCountMax) {
    exports.cut = true;
    tables.function_count = kExportCountMax;
  }
  if (tables.name_count > kExportCountMax) {
    exports.cut = true;
    tables.name_count = kExportCountMax;
  }
  // Tables that end after the file are none. The last test has no reason but
  // that rules are written against YARA, which makes it.
  const uint64_t count = tables.function_count;
  const uint64_t after_name = AtRva(image, header.U32(12).value_or(0)).size();
  if (!tables.functions.Contains(0, count * 4) ||
      !tables.names.Contains(0, uint64_t{tables.name_count} * 4) ||
      !tables.ordinals.Contains(0, count * 2) ||
      (exports.library_name && count * 4 > after_name)) {
    return exports;
  }
  ReadFunctions(image, directory, tables, exports);
  ReadNames(image, tables, exports);
  return exports;
}

}  // namespace vitrine::pe
