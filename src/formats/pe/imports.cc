// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/imports.h"

#include <algorithm>
#include <utility>

#include "base/byte_reader.h"
#include "base/text.h"
#include "formats/pe/limits.h"

namespace vitrine::pe {
namespace {

constexpr uint64_t kDescriptorSize = 20;
constexpr uint64_t kDelayDescriptorSize = 32;

// An address that is no import's: the names' table ends, or cannot be read.
struct Thunk {
  uint64_t value = 0;
  bool by_ordinal = false;
};

// Reads the parallel tables of names and addresses of one library.
class ThunkTable {
 public:
  ThunkTable(const Image& image, uint64_t names_rva)
      : image_(image), names_(AtRva(image, names_rva)) {}

  uint64_t entry_size() const { return image_.is_64 ? 8 : 4; }

  std::optional<Thunk> At(uint64_t index) const {
    const uint64_t at = index * entry_size();
    if (image_.is_64) {
      const auto value = names_.U64(at);
      if (!value || *value == 0) return std::nullopt;
      return Thunk{*value, (*value >> 63) != 0};
    }
    const auto value = names_.U32(at);
    if (!value || *value == 0) return std::nullopt;
    return Thunk{*value, (*value >> 31) != 0};
  }

 private:
  const Image& image_;
  ByteReader names_;
};

bool IsLibraryName(std::string_view name) {
  if (name.empty() || name.size() >= kLibraryNameSizeMax) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return c >= ' ' && static_cast<uint8_t>(c) < 0x7f && c != '"' && c != '*' &&
           c != '<' && c != '>' && c != '?' && c != '|';
  });
}

std::optional<ImportedFunction> ReadFunction(const Image& image,
                                             std::string_view library,
                                             const Thunk& thunk) {
  ImportedFunction function;
  if (thunk.by_ordinal) {
    function.ordinal = static_cast<uint16_t>(thunk.value);
    function.name = OrdinalToName(library, *function.ordinal);
    return function;
  }
  const auto hint = RvaToOffset(image, thunk.value);
  if (!hint) return std::nullopt;
  const std::string_view name =
      StringAt(image, *hint + 2, kFunctionNameSizeMax);
  if (name.empty()) return std::nullopt;
  function.name = name;
  return function;
}

void ReadFunctions(const Image& image, uint64_t names_rva,
                   uint64_t addresses_rva, Imports& imports,
                   ImportedLibrary& library) {
  const ThunkTable table(image, names_rva);
  for (uint64_t i = 0; const auto thunk = table.At(i); ++i) {
    if (imports.function_count >= kImportedFunctionCountMax) {
      imports.cut = true;
      return;
    }
    auto function = ReadFunction(image, library.name, *thunk);
    if (!function) continue;
    function->rva = addresses_rva + i * table.entry_size();
    library.functions.push_back(*std::move(function));
    ++imports.function_count;
  }
}

std::string_view ReadLibraryName(const Image& image, uint64_t rva) {
  const auto offset = RvaToOffset(image, rva);
  if (!offset) return {};
  const std::string_view name = StringAt(image, *offset, kLibraryNameSizeMax);
  return IsLibraryName(name) ? name : std::string_view();
}

// Library names without the extensions that say nothing.
std::string_view WithoutExtension(std::string_view lower_name) {
  for (const std::string_view extension : {".dll", ".ocx", ".sys"}) {
    if (lower_name.ends_with(extension)) {
      return lower_name.substr(0, lower_name.size() - extension.size());
    }
  }
  return lower_name;
}

}  // namespace

Imports ReadImports(const Image& image) {
  Imports imports;
  const DataDirectory directory = image.directory(Directory::kImport);
  if (directory.address == 0) return imports;
  const ByteReader descriptors(AtRva(image, directory.address));
  for (uint64_t at = 0; descriptors.Contains(at, kDescriptorSize);
       at += kDescriptorSize) {
    const uint32_t name_rva = descriptors.U32(at + 12).value_or(0);
    if (name_rva == 0) break;
    if (imports.libraries.size() >= kImportedLibraryCountMax) {
      imports.cut = true;
      break;
    }
    ImportedLibrary library;
    library.name = ReadLibraryName(image, name_rva);
    if (library.name.empty()) continue;
    const uint32_t original = descriptors.U32(at).value_or(0);
    const uint32_t first = descriptors.U32(at + 16).value_or(0);
    const bool has_original =
        original != 0 && RvaToOffset(image, original).has_value();
    ReadFunctions(image, has_original ? original : first, first, imports,
                  library);
    imports.libraries.push_back(std::move(library));
  }
  return imports;
}

Imports ReadDelayedImports(const Image& image) {
  Imports imports;
  const DataDirectory directory = image.directory(Directory::kDelayImport);
  if (directory.address == 0) return imports;
  const ByteReader descriptors(AtRva(image, directory.address));
  for (uint64_t at = 0; descriptors.Contains(at, kDelayDescriptorSize);
       at += kDelayDescriptorSize) {
    const uint32_t attributes = descriptors.U32(at).value_or(0);
    const uint32_t name = descriptors.U32(at + 4).value_or(0);
    const uint32_t addresses = descriptors.U32(at + 12).value_or(0);
    const uint32_t names = descriptors.U32(at + 16).value_or(0);
    if (name == 0 || addresses == 0 || names == 0) break;
    if (imports.libraries.size() >= kImportedLibraryCountMax) {
      imports.cut = true;
      break;
    }
    // Old linkers wrote addresses where new ones write relative ones.
    const uint64_t base = (attributes & 1) != 0 ? 0 : image.image_base;
    const auto rva = [base](uint32_t value) {
      return value >= base ? value - base : uint64_t{UINT64_MAX};
    };
    ImportedLibrary library;
    library.name = ReadLibraryName(image, rva(name));
    if (library.name.empty()) continue;
    ReadFunctions(image, rva(names), rva(addresses), imports, library);
    imports.libraries.push_back(std::move(library));
  }
  return imports;
}

std::string ImphashText(const Imports& imports) {
  std::string text;
  for (const ImportedLibrary& library : imports.libraries) {
    const std::string lower = ToLowerText(library.name);
    const std::string_view name = WithoutExtension(lower);
    for (const ImportedFunction& function : library.functions) {
      if (!text.empty()) text += ',';
      text += name;
      text += '.';
      text += ToLowerText(function.name);
    }
  }
  return text;
}

}  // namespace vitrine::pe
