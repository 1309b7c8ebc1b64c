// SPDX-License-Identifier: Apache-2.0
#include "formats/dotnet/assembly.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/text.h"
#include "formats/dotnet/limits.h"

namespace vitrine::dotnet {
namespace {

constexpr uint32_t kElementTypeString = 0x0e;

AssemblyVersion VersionAt(const Tables& tables, Table table, uint32_t row,
                          size_t column) {
  const auto part = [&](size_t i) {
    return static_cast<uint16_t>(tables.Cell(table, row, column + i));
  };
  return {part(0), part(1), part(2), part(3)};
}

std::string GuidText(Bytes guid) {
  // Three little-endian numbers and eight bytes.
  constexpr int kOrder[] = {3,  2, 1, 0,  -1, 5,  4,  -1, 7,  6,
                            -1, 8, 9, -1, 10, 11, 12, 13, 14, 15};
  std::string text;
  for (const int i : kOrder) {
    text += i < 0 ? "-" : ToHex(guid.subspan(static_cast<size_t>(i), 1));
  }
  return text;
}

// The name of the type that a constructor constructs.
std::string_view ConstructedType(const Tables& tables, RowRef constructor) {
  if (constructor.table != Table::kMemberRef) return {};
  const RowRef parent = tables.Coded(Table::kMemberRef, constructor.row, 0);
  if (parent.table != Table::kTypeRef) return {};
  return tables.Name(Table::kTypeRef, parent.row, 1).value_or("");
}

}  // namespace

std::optional<Assembly> ReadAssembly(const Tables& tables) {
  if (tables.row_count(Table::kAssembly) == 0) return std::nullopt;
  Assembly assembly;
  assembly.version = VersionAt(tables, Table::kAssembly, 1, 1);
  assembly.name = tables.Name(Table::kAssembly, 1, 7);
  assembly.culture = tables.Name(Table::kAssembly, 1, 8);
  // Most have none: that is the empty name.
  if (assembly.culture && assembly.culture->empty()) assembly.culture.reset();
  return assembly;
}

std::vector<AssemblyRef> ReadAssemblyRefs(const Tables& tables) {
  std::vector<AssemblyRef> out;
  const uint32_t count = tables.row_count(Table::kAssemblyRef);
  for (uint32_t row = 1; row <= count; ++row) {
    AssemblyRef ref;
    ref.version = VersionAt(tables, Table::kAssemblyRef, row, 0);
    ref.public_key_or_token = tables.Blob(Table::kAssemblyRef, row, 5);
    // YARA gives a damaged reference up before it comes to the name.
    if (ref.public_key_or_token) {
      ref.name = tables.Name(Table::kAssemblyRef, row, 6);
      if (ref.public_key_or_token->empty()) ref.public_key_or_token.reset();
    }
    out.push_back(ref);
  }
  return out;
}

std::vector<EmbeddedResource> ReadEmbeddedResources(const Image& image,
                                                    const pe::Image& pe,
                                                    const Tables& tables) {
  std::vector<EmbeddedResource> out;
  // Where the base is not in the file, YARA counts from one byte before it.
  const uint64_t base =
      pe::RvaToOffset(pe, image.resources.address).value_or(~uint64_t{0});
  const ByteReader file(image.bytes);
  const uint32_t count = tables.row_count(Table::kManifestResource);
  for (uint32_t row = 1; row <= count; ++row) {
    // Those with an implementation are in another file.
    if (tables.Cell(Table::kManifestResource, row, 3) != 0) continue;
    EmbeddedResource resource;
    resource.name = tables.Name(Table::kManifestResource, row, 2);
    const uint64_t at = base + tables.Cell(Table::kManifestResource, row, 0);
    resource.size = file.U32(at);
    if (resource.size) resource.offset = at + 4;
    out.push_back(resource);
  }
  return out;
}

std::optional<std::string_view> ModuleName(const Tables& tables) {
  return tables.Name(Table::kModule, 1, 1);
}

std::vector<std::string_view> ModuleRefs(const Tables& tables) {
  std::vector<std::string_view> out;
  const uint32_t count = tables.row_count(Table::kModuleRef);
  for (uint32_t row = 1; row <= count; ++row) {
    const auto name = tables.Name(Table::kModuleRef, row, 0);
    if (name) out.push_back(*name);
  }
  return out;
}

std::vector<std::string> Guids(const Tables& tables) {
  constexpr size_t kGuidSize = 16;
  std::vector<std::string> out;
  const Bytes heap = tables.guids();
  const size_t count = std::min(heap.size() / kGuidSize, kGuidCountMax);
  for (size_t i = 0; i < count; ++i) {
    out.push_back(GuidText(heap.subspan(i * kGuidSize, kGuidSize)));
  }
  return out;
}

std::vector<Bytes> UserStrings(const Tables& tables) {
  std::vector<Bytes> out;
  const Bytes heap = tables.user_strings();
  // The first one is the empty string.
  size_t at = 1;
  while (at < heap.size() && out.size() < kUserStringCountMax) {
    const auto size = ReadPacked(heap.subspan(at));
    if (!size) break;
    at += size->size;
    if (size->value > heap.size() - at) break;
    // The last byte is a flag. Empty strings are padding, or of no interest.
    if (size->value > 1) out.push_back(heap.subspan(at, size->value - 1));
    at += size->value;
  }
  return out;
}

std::vector<Bytes> StringConstants(const Tables& tables) {
  std::vector<Bytes> out;
  const uint32_t count = tables.row_count(Table::kConstant);
  for (uint32_t row = 1; row <= count; ++row) {
    const uint32_t type = tables.Cell(Table::kConstant, row, 0) & 0xff;
    if (type != kElementTypeString) continue;
    const auto value = tables.Blob(Table::kConstant, row, 2);
    if (value) out.push_back(*value);
  }
  return out;
}

std::vector<uint64_t> FieldOffsets(const pe::Image& pe, const Tables& tables) {
  std::vector<uint64_t> out;
  const uint32_t count = tables.row_count(Table::kFieldRva);
  for (uint32_t row = 1; row <= count; ++row) {
    const auto offset =
        pe::RvaToOffset(pe, tables.Cell(Table::kFieldRva, row, 0));
    if (offset) out.push_back(*offset);
  }
  return out;
}

std::optional<std::string_view> TypeLibrary(const Tables& tables) {
  const uint32_t count = tables.row_count(Table::kCustomAttribute);
  for (uint32_t row = 1; row <= count; ++row) {
    const RowRef owner = tables.Coded(Table::kCustomAttribute, row, 0);
    if (owner.table != Table::kAssembly) continue;
    const RowRef type = tables.Coded(Table::kCustomAttribute, row, 1);
    if (ConstructedType(tables, type) != "GuidAttribute") continue;
    const auto blob = tables.Blob(Table::kCustomAttribute, row, 2);
    // A prolog of 0x0001, then a counted string.
    if (!blob || ByteReader(*blob).U16(0) != 1) continue;
    const auto size = ReadPacked(blob->subspan(2));
    if (!size || size->value > blob->size() - 2 - size->size) continue;
    return AsText(blob->subspan(2 + size->size, size->value));
  }
  return std::nullopt;
}

}  // namespace vitrine::dotnet
