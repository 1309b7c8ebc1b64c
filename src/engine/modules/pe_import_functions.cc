// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "engine/modules/pe_functions.h"
#include "engine/modules/pe_state.h"

namespace vitrine::engine::modules {
namespace {

using Arguments = std::span<const Value>;

// Bits of the first argument of imports(), where it has one.
constexpr int64_t kStandard = 1;
constexpr int64_t kDelayed = 2;

bool EqualsNoCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return ToLower(static_cast<uint8_t>(x)) == ToLower(static_cast<uint8_t>(y));
  });
}

// What a library and a function of it are asked for by.
bool LibraryIs(const pe::ImportedLibrary& library, const Value& wanted) {
  if (const auto* regex = std::get_if<const RegexMatcher*>(&wanted)) {
    return (*regex)->Matches(library.name);
  }
  return EqualsNoCase(library.name, std::get<std::string_view>(wanted));
}

bool FunctionIs(const pe::ImportedFunction& function, const Value& wanted) {
  if (const auto* ordinal = std::get_if<int64_t>(&wanted)) {
    return function.ordinal && *function.ordinal == *ordinal;
  }
  if (const auto* regex = std::get_if<const RegexMatcher*>(&wanted)) {
    return (*regex)->Matches(function.name);
  }
  return EqualsNoCase(function.name, std::get<std::string_view>(wanted));
}

const pe::ImportedFunction* Find(const pe::Imports& imports,
                                 const Value& library_name,
                                 const Value& function_name) {
  for (const pe::ImportedLibrary& library : imports.libraries) {
    if (!LibraryIs(library, library_name)) continue;
    for (const pe::ImportedFunction& function : library.functions) {
      if (FunctionIs(function, function_name)) return &function;
    }
  }
  return nullptr;
}

// How many functions of a library that is called so; of them, how many that
// are called so.
int64_t CountIn(const pe::Imports& imports, const Value& library_name,
                const Value* function_name) {
  int64_t count = 0;
  for (const pe::ImportedLibrary& library : imports.libraries) {
    if (!LibraryIs(library, library_name)) continue;
    if (function_name == nullptr) {
      count += static_cast<int64_t>(library.functions.size());
      continue;
    }
    count += std::count_if(library.functions.begin(), library.functions.end(),
                           [function_name](const auto& function) {
                             return FunctionIs(function, *function_name);
                           });
  }
  return count;
}

// The kinds asked for, one by one.
template <typename Ask>
int64_t OverKinds(PeState& pe, int64_t kinds, const Ask& ask) {
  int64_t result = 0;
  if ((kinds & kStandard) != 0) result += ask(pe.imports());
  if ((kinds & kDelayed) != 0) result += ask(pe.delayed_imports());
  return result;
}

Value Imports(ModuleContext& context, int64_t kinds, const Value& library,
              const Value* function) {
  PeState* pe = PeState::Of(context);
  if (pe == nullptr) return Undefined{};
  const bool counts = function == nullptr ||
                      std::holds_alternative<const RegexMatcher*>(*function);
  if (counts) {
    return OverKinds(*pe, kinds, [&](const pe::Imports& imports) {
      return CountIn(imports, library, function);
    });
  }
  const int64_t found = OverKinds(*pe, kinds, [&](const pe::Imports& imports) {
    return int64_t{Find(imports, library, *function) != nullptr};
  });
  return int64_t{found > 0};
}

Value Standard1(ModuleContext& context, Arguments a) {
  return Imports(context, kStandard, a[0], nullptr);
}
Value Standard2(ModuleContext& context, Arguments a) {
  return Imports(context, kStandard, a[0], &a[1]);
}
Value Kind1(ModuleContext& context, Arguments a) {
  return Imports(context, std::get<int64_t>(a[0]), a[1], nullptr);
}
Value Kind2(ModuleContext& context, Arguments a) {
  return Imports(context, std::get<int64_t>(a[0]), a[1], &a[2]);
}

Value RvaOf(const pe::ImportedFunction* function) {
  if (function == nullptr || function->rva == 0) return Undefined{};
  return static_cast<int64_t>(function->rva);
}

Value ImportRva(ModuleContext& context, Arguments a) {
  PeState* pe = PeState::Of(context);
  if (pe == nullptr) return Undefined{};
  return RvaOf(Find(pe->imports(), a[0], a[1]));
}

Value DelayedImportRva(ModuleContext& context, Arguments a) {
  PeState* pe = PeState::Of(context);
  if (pe == nullptr) return Undefined{};
  return RvaOf(Find(pe->delayed_imports(), a[0], a[1]));
}

Value Imphash(ModuleContext& context, Arguments) {
  PeState* pe = PeState::Of(context);
  if (pe == nullptr) return Undefined{};
  return std::string_view(pe->imphash());
}

}  // namespace

const Overload kPeImports[8] = {
    {"ss", Type::kInt, Standard2}, {"si", Type::kInt, Standard2},
    {"s", Type::kInt, Standard1},  {"rr", Type::kInt, Standard2},
    {"iss", Type::kInt, Kind2},    {"isi", Type::kInt, Kind2},
    {"is", Type::kInt, Kind1},     {"irr", Type::kInt, Kind2},
};
const Overload kPeImportRva[2] = {
    {"ss", Type::kInt, ImportRva},
    {"si", Type::kInt, ImportRva},
};
const Overload kPeDelayedImportRva[2] = {
    {"ss", Type::kInt, DelayedImportRva},
    {"si", Type::kInt, DelayedImportRva},
};
const Overload kPeImphash[1] = {{"", Type::kString, Imphash}};

}  // namespace vitrine::engine::modules
