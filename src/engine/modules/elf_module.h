// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "engine/modules/module.h"

// What YARA's elf module says of an ELF file; the schema is in
// elf_schema_table.cc.
namespace vitrine::engine::modules {

enum ElfField : size_t {
  kElfType,
  kElfMachine,
  kElfEntryPoint,
  kElfNumberOfSections,
  kElfSectionsOffset,
  kElfSectionEntrySize,
  kElfNumberOfSegments,
  kElfSegmentsOffset,
  kElfSegmentEntrySize,
  kElfSections,
  kElfSegments,
  kElfDynamicEntries,
  kElfDynamic,
  kElfSymtabEntries,
  kElfSymtab,
  kElfDynsymEntries,
  kElfDynsym,
};

Node BuildElf(ModuleContext& context, size_t field);
Value ElfImportMd5(ModuleContext& context, std::span<const Value> arguments);
Value ElfTelfhash(ModuleContext& context, std::span<const Value> arguments);

}  // namespace vitrine::engine::modules
