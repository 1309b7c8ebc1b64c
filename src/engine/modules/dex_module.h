// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "engine/modules/module.h"

// What YARA's dex module says of a Dalvik executable; the schema is in
// dex_schema_table.cc.
namespace vitrine::engine::modules {

enum DexField : size_t {
  kDexHeader,
  kDexStringIds,
  kDexTypeIds,
  kDexProtoIds,
  kDexFieldIds,
  kDexMethodIds,
  kDexClassDefs,
  kDexClassData,
  kDexMap,
  kDexNumberOfFields,
  kDexFields,
  kDexNumberOfMethods,
  kDexMethods,
};

Node BuildDex(ModuleContext& context, size_t field);

// 1 where a method (of a class) or a class of that name exists: by its exact
// name, or by one that the expression matches.
Value DexHasMethod(ModuleContext& context, std::span<const Value> arguments);
Value DexHasMethodOfClass(ModuleContext& context,
                          std::span<const Value> arguments);
Value DexHasMethodLike(ModuleContext& context,
                       std::span<const Value> arguments);
Value DexHasMethodOfClassLike(ModuleContext& context,
                              std::span<const Value> arguments);
Value DexHasClass(ModuleContext& context, std::span<const Value> arguments);
Value DexHasClassLike(ModuleContext& context, std::span<const Value> arguments);

}  // namespace vitrine::engine::modules
