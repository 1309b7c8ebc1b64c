// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/dotnet/dotnet.h"
#include "formats/dotnet/tables.h"
#include "formats/pe/pe.h"

// What an assembly says of itself and of what it uses. Strings and blobs are
// views of the image.
namespace vitrine::dotnet {

struct AssemblyVersion {
  uint16_t major = 0;
  uint16_t minor = 0;
  uint16_t build = 0;
  uint16_t revision = 0;
};

struct Assembly {
  AssemblyVersion version;
  std::optional<std::string_view> name;
  std::optional<std::string_view> culture;
};
std::optional<Assembly> ReadAssembly(const Tables& tables);

struct AssemblyRef {
  AssemblyVersion version;
  std::optional<std::string_view> name;
  std::optional<Bytes> public_key_or_token;
};
std::vector<AssemblyRef> ReadAssemblyRefs(const Tables& tables);

struct EmbeddedResource {
  // Absent where the data is not in the file.
  std::optional<uint64_t> offset;  // Of the data, in the file.
  std::optional<uint32_t> size;    // As claimed.
  std::optional<std::string_view> name;
};
std::vector<EmbeddedResource> ReadEmbeddedResources(const Image& image,
                                                    const pe::Image& pe,
                                                    const Tables& tables);

std::optional<std::string_view> ModuleName(const Tables& tables);
// Without those that have no name.
std::vector<std::string_view> ModuleRefs(const Tables& tables);

// "12b418a7-818c-4ca0-893f-eeaaf67f1e7f", of the GUID heap.
std::vector<std::string> Guids(const Tables& tables);

// UTF-16, little-endian, of the heap of strings that code uses.
std::vector<Bytes> UserStrings(const Tables& tables);

// Values of constants that are strings. UTF-16, little-endian.
std::vector<Bytes> StringConstants(const Tables& tables);

// Where the initial values of fields are, in the file.
std::vector<uint64_t> FieldOffsets(const pe::Image& pe, const Tables& tables);

// Of the assembly's GuidAttribute.
std::optional<std::string_view> TypeLibrary(const Tables& tables);

}  // namespace vitrine::dotnet
