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

// An entry of a table of names or of addresses.
struct Thunk {
  uint64_t value = 0;
  bool by_ordinal = false;
};

// One of the parallel tables of names and addresses of a library.
class ThunkTable {
 public:
  ThunkTable(const Image& image, Bytes table)
      : is_64_(image.is_64), table_(table) {}

  uint64_t entry_size() const { return is_64_ ? 8 : 4; }

  // nullopt for the zero that ends the table, and at the end of the file.
  std::optional<Thunk> At(uint64_t index) const {
    const uint64_t at = index * entry_size();
    const auto value =
        is_64_ ? table_.U64(at) : std::optional<uint64_t>(table_.U32(at));
    if (!value || *value == 0) return std::nullopt;
    const uint64_t flag = uint64_t{1} << (is_64_ ? 63 : 31);
    return Thunk{*value & ~flag, (*value & flag) != 0};
  }

 private:
  bool is_64_;
  ByteReader table_;
};

bool IsLibraryName(std::string_view name) {
  if (name.empty() || name.size() >= kLibraryNameSizeMax) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return c >= ' ' && c <= '~' &&
           std::string_view("\"*<>?|").find(c) == std::string_view::npos;
  });
}

// What C, C++ and Pascal compilers of this world put into names.
bool IsFunctionName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return IsAlnum(static_cast<uint8_t>(c)) ||
           std::string_view("$().<>?@_").find(c) != std::string_view::npos;
  });
}

std::string_view ReadLibraryName(const Image& image, uint64_t rva) {
  const std::string_view rest =
      AsText(AtRva(image, rva)).substr(0, kLibraryNameSizeMax);
  const size_t size = rest.find('\0');
  if (size == std::string_view::npos) return {};
  return IsLibraryName(rest.substr(0, size)) ? rest.substr(0, size)
                                             : std::string_view();
}

// The name behind a thunk, after its two bytes of hint.
std::optional<std::string_view> ReadFunctionName(const Image& image,
                                                 uint64_t rva) {
  const auto hint = RvaToOffset(image, rva);
  if (!hint) return std::nullopt;
  return StringAt(image, *hint + 2, kFunctionNameSizeMax);
}

// How the functions of a library are read. The delay loader's rules are laxer:
// names may be anything, and the addresses' end is an end, too.
enum class Kind : uint8_t { kStandard, kDelayed };

struct Tables {
  ThunkTable names;
  ThunkTable addresses;
  uint64_t addresses_rva;
  uint64_t base;  // Taken off the names' addresses.
};

std::optional<ImportedFunction> ReadFunction(const Image& image, Kind kind,
                                             std::string_view library,
                                             const Thunk& thunk,
                                             uint64_t base) {
  ImportedFunction function;
  if (thunk.by_ordinal) {
    if (kind == Kind::kStandard && thunk.value > UINT16_MAX) {
      return std::nullopt;
    }
    function.ordinal = static_cast<uint16_t>(thunk.value);
    function.name = OrdinalToName(library, *function.ordinal);
    return function;
  }
  if (thunk.value < base) return std::nullopt;
  const auto name = ReadFunctionName(image, thunk.value - base);
  if (!name) return std::nullopt;
  if (kind == Kind::kStandard && !IsFunctionName(*name)) return std::nullopt;
  function.name = *name;
  return function;
}

void ReadFunctions(const Image& image, Kind kind, const Tables& tables,
                   Imports& imports, ImportedLibrary& library) {
  for (uint64_t i = 0;; ++i) {
    const auto thunk = tables.names.At(i);
    if (!thunk) return;
    if (kind == Kind::kDelayed && !tables.addresses.At(i)) return;
    if (imports.function_count >= kImportedFunctionCountMax ||
        imports.thunk_count >= kImportThunkCountMax) {
      imports.cut = true;
      return;
    }
    ++imports.thunk_count;
    auto function =
        ReadFunction(image, kind, library.name, *thunk, tables.base);
    if (!function) continue;
    function->rva = tables.addresses_rva + i * tables.names.entry_size();
    if (!image.is_64) function->rva &= UINT32_MAX;
    library.functions.push_back(*std::move(function));
    ++imports.function_count;
  }
}

// ClamAV looks for the extension after the first dot, others after the last.
std::string_view WithoutFirstExtension(std::string_view lower_name) {
  const size_t dot = lower_name.find('.');
  if (dot == std::string_view::npos) return lower_name;
  const std::string_view extension = lower_name.substr(dot + 1);
  const bool is_known =
      extension == "dll" || extension == "ocx" || extension == "sys";
  return is_known ? lower_name.substr(0, dot) : lower_name;
}

bool IsPlainName(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return IsAlnum(static_cast<uint8_t>(c)) || c == '.' || c == '_';
  });
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
  for (uint64_t i = 0;; ++i) {
    const uint64_t at = i * kDescriptorSize;
    if (!descriptors.Contains(at, kDescriptorSize)) break;
    const uint32_t name = *descriptors.U32(at + 12);
    if (name == 0) break;
    if (i >= kImportedLibraryCountMax) {
      imports.cut = true;
      break;
    }
    ImportedLibrary library;
    library.name = ReadLibraryName(image, name);
    if (library.name.empty()) continue;
    const uint32_t original = *descriptors.U32(at);
    const uint32_t first = *descriptors.U32(at + 16);
    // A table at the start of the file is what an address of zero means.
    const bool has_names = RvaToOffset(image, original).value_or(0) != 0;
    const Bytes names = AtRva(image, has_names ? original : first);
    const ThunkTable table(image, names);
    ReadFunctions(image, Kind::kStandard, {table, table, first, 0}, imports,
                  library);
    if (library.functions.empty()) continue;
    imports.libraries.push_back(std::move(library));
  }
  return imports;
}

Imports ReadDelayedImports(const Image& image) {
  Imports imports;
  const DataDirectory directory = image.directory(Directory::kDelayImport);
  if (directory.address == 0) return imports;
  const ByteReader descriptors(AtRva(image, directory.address));
  for (uint64_t i = 0;; ++i) {
    const uint64_t at = i * kDelayDescriptorSize;
    if (!descriptors.Contains(at, kDelayDescriptorSize)) break;
    const uint32_t attributes = *descriptors.U32(at);
    const uint32_t name = *descriptors.U32(at + 4);
    // Old linkers wrote addresses where new ones write relative ones; never
    // for 64 bits, where such an address would not fit.
    if (name == 0 || attributes > 1 || (attributes == 0 && image.is_64)) break;
    if (i >= kImportedLibraryCountMax) {
      imports.cut = true;
      break;
    }
    const uint64_t base = attributes == 0 ? image.image_base : 0;
    const auto relative = [base](uint32_t value) {
      return value >= base ? value - base : uint64_t{UINT64_MAX};
    };
    ImportedLibrary library;
    library.name = ReadLibraryName(image, relative(name));
    if (library.name.empty()) continue;
    const uint64_t addresses = relative(*descriptors.U32(at + 12));
    const uint64_t names = relative(*descriptors.U32(at + 16));
    const Bytes address_table = AtRva(image, addresses);
    const Bytes name_table = AtRva(image, names);
    if (names == 0 || address_table.empty() || name_table.empty()) break;
    ReadFunctions(image, Kind::kDelayed,
                  {ThunkTable(image, name_table),
                   ThunkTable(image, address_table), addresses, base},
                  imports, library);
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

std::optional<std::string> ClamavImphashText(const Image& image) {
  const uint32_t size = image.directory(Directory::kImport).size;
  if (image.is_64 || size == 0) return std::nullopt;
  const Imports imports = ReadImports(image);
  if (imports.thunk_count != imports.function_count) return std::nullopt;
  // The directory's size counts the descriptor of zeros at its end.
  const size_t count =
      std::min<size_t>((size - 1) / kDescriptorSize, imports.libraries.size());
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    const ImportedLibrary& library = imports.libraries[i];
    const std::string lower = ToLowerText(library.name);
    for (const ImportedFunction& function : library.functions) {
      if (!IsPlainName(function.name)) return std::nullopt;
      if (!text.empty()) text += ',';
      text += WithoutFirstExtension(lower);
      text += '.';
      text += ToLowerText(function.name);
    }
  }
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace vitrine::pe
