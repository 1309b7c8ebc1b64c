// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/all_modules.h"

namespace vitrine::engine::modules {

// No fields yet.
const Module kDotnetModule = {
    "dotnet", {}, [](ModuleContext&, size_t) { return Node(); }};

}  // namespace vitrine::engine::modules
