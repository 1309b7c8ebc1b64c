// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "engine/modules/all_modules.h"
#include "engine/modules/schema.h"

namespace vitrine::engine::modules {
namespace {

// Seconds since 1970, now.
Value Now(ModuleContext&, std::span<const Value>) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return int64_t{std::chrono::duration_cast<std::chrono::seconds>(now).count()};
}

constexpr Overload kNow[] = {{"", Type::kInt, Now}};

constexpr Field kFields[] = {FunctionField("now", kNow)};

}  // namespace

const Module kTimeModule = {"time", kFields, BuildNothing};

}  // namespace vitrine::engine::modules
