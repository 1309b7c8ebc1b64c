// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "engine/modules/module.h"

// What YARA's macho module says of a Mach-O file; the schema is in
// macho_schema_table.cc.
namespace vitrine::engine::modules {

// Those up to kMachoStackSize are also the fields of each of `file`.
enum MachoField : size_t {
  kMachoMagic,
  kMachoCpuType,
  kMachoCpuSubtype,
  kMachoFileType,
  kMachoCommandCount,
  kMachoCommandsSize,
  kMachoFlags,
  kMachoReserved,
  kMachoNumberOfSegments,
  kMachoSegments,
  kMachoEntryPoint,
  kMachoStackSize,
  kMachoFatMagic,
  kMachoArchitectureCount,
  kMachoArchitectures,
  kMachoFiles,
};

Node BuildMacho(ModuleContext& context, size_t field);

// The index in `file`, and the entry point's offset in the universal file, of
// the first architecture of a type, or of a type and subtype.
Value MachoFileIndexForType(ModuleContext& context,
                            std::span<const Value> arguments);
Value MachoFileIndexForSubtype(ModuleContext& context,
                               std::span<const Value> arguments);
Value MachoEntryPointForType(ModuleContext& context,
                             std::span<const Value> arguments);
Value MachoEntryPointForSubtype(ModuleContext& context,
                                std::span<const Value> arguments);

}  // namespace vitrine::engine::modules
