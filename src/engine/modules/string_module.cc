// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdlib>
#include <string>

#include "engine/modules/all_modules.h"
#include "engine/modules/schema.h"

namespace vitrine::engine::modules {
namespace {

// As strtoll(3) reads it, up to a NUL or the end, and nothing may be left
// over. Base 0 goes by the prefix: 0x, 0 or none.
Value ToInt(std::string_view text, int64_t base) {
  if (base != 0 && (base < 2 || base > 36)) return Undefined{};
  const std::string copy(text);
  char* end = nullptr;
  errno = 0;
  const long long value =
      std::strtoll(copy.c_str(), &end, static_cast<int>(base));
  if (errno != 0 || end == copy.c_str() || *end != '\0') return Undefined{};
  return int64_t{value};
}

Value ToIntByPrefix(ModuleContext&, std::span<const Value> arguments) {
  return ToInt(TextArgument(arguments, 0), 0);
}

Value ToIntOfBase(ModuleContext&, std::span<const Value> arguments) {
  return ToInt(TextArgument(arguments, 0), IntArgument(arguments, 1));
}

Value Length(ModuleContext&, std::span<const Value> arguments) {
  return static_cast<int64_t>(TextArgument(arguments, 0).size());
}

constexpr Overload kToInt[] = {{"s", Type::kInt, ToIntByPrefix},
                               {"si", Type::kInt, ToIntOfBase}};
constexpr Overload kLength[] = {{"s", Type::kInt, Length}};

constexpr Field kFields[] = {
    FunctionField("to_int", kToInt),
    FunctionField("length", kLength),
};

}  // namespace

const Module kStringModule = {"string", kFields, BuildNothing};

}  // namespace vitrine::engine::modules
