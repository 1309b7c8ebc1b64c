// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/all_modules.h"

namespace vitrine::engine::modules {

const Module* FindModule(std::string_view name) {
  static constexpr const Module* kModules[] = {
      &kConsoleModule, &kCuckooModule, &kDexModule,    &kDotnetModule,
      &kElfModule,     &kHashModule,   &kMachoModule,  &kMagicModule,
      &kMathModule,    &kPeModule,     &kStringModule, &kTestsModule,
      &kTimeModule,
  };
  for (const Module* module : kModules) {
    if (module->name == name) return module;
  }
  return nullptr;
}

}  // namespace vitrine::engine::modules
