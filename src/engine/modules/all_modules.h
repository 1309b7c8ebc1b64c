// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/modules/module.h"

// Every module there is; FindModule() finds them by name.
namespace vitrine::engine::modules {

extern const Module kConsoleModule;
extern const Module kCuckooModule;
extern const Module kDexModule;
extern const Module kDotnetModule;
extern const Module kElfModule;
extern const Module kHashModule;
extern const Module kMachoModule;
extern const Module kMagicModule;
extern const Module kMathModule;
extern const Module kPeModule;
extern const Module kStringModule;
extern const Module kTestsModule;
extern const Module kTimeModule;

}  // namespace vitrine::engine::modules
