// SPDX-License-Identifier: Apache-2.0
#include "formats/dotnet/assembly.h"
#include "formats/dotnet/classes.h"
#include "formats/dotnet/dotnet.h"
#include "formats/dotnet/limits.h"
#include "formats/dotnet/tables.h"

namespace vitrine::dotnet {
namespace {

void Require(bool condition) {
  if (!condition) __builtin_trap();
}

void Run(Bytes bytes) {
  const auto pe = pe::Parse(bytes);
  if (!pe.ok()) return;
  const auto parsed = Parse(bytes, pe.value());
  if (!parsed.ok()) return;
  const Image& image = parsed.value();
  Require(image.streams.size() <= kStreamCountMax);
  const Tables tables(image);
  ReadAssembly(tables);
  ReadAssemblyRefs(tables);
  ReadEmbeddedResources(image, pe.value(), tables);
  ModuleName(tables);
  ModuleRefs(tables);
  Require(Guids(tables).size() <= kGuidCountMax);
  Require(UserStrings(tables).size() <= kUserStringCountMax);
  StringConstants(tables);
  FieldOffsets(pe.value(), tables);
  TypeLibrary(tables);
  Require(ReadClasses(tables).size() <= tables.row_count(Table::kTypeDef));
}

}  // namespace
}  // namespace vitrine::dotnet

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vitrine::dotnet::Run({data, size});
  return 0;
}
