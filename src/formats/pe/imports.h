// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/pe/pe.h"

namespace vitrine::pe {

struct ImportedFunction {
  std::string name;  // Of an ordinal: OrdinalToName().
  std::optional<uint16_t> ordinal;
  // Of its slot in the table of addresses; 0 where there is no such table.
  uint64_t rva = 0;
};

struct ImportedLibrary {
  std::string_view name;  // A view of the image.
  std::vector<ImportedFunction> functions;
};

struct Imports {
  std::vector<ImportedLibrary> libraries;  // In the order of the directory.
  uint64_t function_count = 0;
  uint64_t thunk_count = 0;  // Looked at; some are no functions.
  bool cut = false;          // A limit of ours was reached.
};

// Of the import directory, and of the delay import directory.
Imports ReadImports(const Image& image);
Imports ReadDelayedImports(const Image& image);

// "ord12", or the name that the winsock and automation libraries are known to
// have for it; the library's name in either case.
std::string OrdinalToName(std::string_view library, uint16_t ordinal);

// "kernel32.exitprocess,user32.messageboxa": what an import hash is the digest
// of. Lower case, without the extensions .dll, .ocx and .sys.
std::string ImphashText(const Imports& imports);

// The same as ClamAV's .imp signatures know it; nullopt for the images that it
// makes none of: those for 64 bits, and those with decorated C++ names.
std::optional<std::string> ClamavImphashText(const Image& image);

}  // namespace vitrine::pe
