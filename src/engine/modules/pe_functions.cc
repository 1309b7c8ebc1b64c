// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/pe_functions.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "engine/modules/pe_state.h"
#include "formats/pe/checksum.h"

namespace vitrine::engine::modules {
namespace {

using Arguments = std::span<const Value>;

constexpr uint16_t kCharacteristicDll = 0x2000;

bool ExportIs(const pe::Export& function, const Value& wanted) {
  if (const auto* ordinal = std::get_if<int64_t>(&wanted)) {
    return function.ordinal == *ordinal;
  }
  if (!function.name) return false;
  if (const auto* regex = std::get_if<const RegexMatcher*>(&wanted)) {
    return (*regex)->Matches(*function.name);
  }
  const std::string_view name = std::get<std::string_view>(wanted);
  return ToLowerText(*function.name) == ToLowerText(name);
}

// The first export that is called so, or of that number.
std::optional<int64_t> FindExport(PeState& pe, const Value& wanted) {
  const auto& functions = pe.exports().functions;
  // YARA does not look for ordinals above the number of functions, which is
  // wrong where ordinals do not start at 1; rules have been tested with it.
  if (const auto* ordinal = std::get_if<int64_t>(&wanted)) {
    if (*ordinal <= 0 || std::cmp_greater(*ordinal, functions.size())) {
      return std::nullopt;
    }
  }
  const auto found =
      std::find_if(functions.begin(), functions.end(),
                   [&](const pe::Export& f) { return ExportIs(f, wanted); });
  if (found == functions.end()) return std::nullopt;
  return found - functions.begin();
}

Value Exports(ModuleContext& context, Arguments a) {
  PeState* pe = PeState::Of(context);
  if (pe == nullptr) return Undefined{};
  return int64_t{FindExport(*pe, a[0]).has_value()};
}

Value ExportsIndex(ModuleContext& context, Arguments a) {
  PeState* pe = PeState::Of(context);
  if (pe == nullptr) return Undefined{};
  const auto index = FindExport(*pe, a[0]);
  if (!index) return Undefined{};
  return *index;
}

// By name, or by an offset in the file.
Value SectionIndex(ModuleContext& context, Arguments a) {
  PeState* pe = PeState::Of(context);
  if (pe == nullptr) return Undefined{};
  const auto sections = pe->image().mapped_sections();
  const auto* offset = std::get_if<int64_t>(&a[0]);
  for (size_t i = 0; i < sections.size(); ++i) {
    const pe::Section& section = sections[i];
    const bool is_it =
        offset == nullptr
            ? section.name == std::get<std::string_view>(a[0])
            : *offset >= section.raw_offset &&
                  *offset - section.raw_offset < int64_t{section.raw_size};
    if (is_it) return static_cast<int64_t>(i);
  }
  return Undefined{};
}

Value IsDll(ModuleContext& context, Arguments) {
  PeState* pe = PeState::Of(context);
  if (pe == nullptr) return Undefined{};
  return int64_t{pe->image().characteristics & kCharacteristicDll};
}

Value Is32Bit(ModuleContext& context, Arguments) {
  PeState* pe = PeState::Of(context);
  if (pe == nullptr) return Undefined{};
  return int64_t{!pe->image().is_64};
}

Value Is64Bit(ModuleContext& context, Arguments) {
  PeState* pe = PeState::Of(context);
  if (pe == nullptr) return Undefined{};
  return int64_t{pe->image().is_64};
}

Value RvaToOffset(ModuleContext& context, Arguments a) {
  PeState* pe = PeState::Of(context);
  if (pe == nullptr) return Undefined{};
  const auto rva = static_cast<uint64_t>(std::get<int64_t>(a[0]));
  const auto offset = pe::RvaToOffset(pe->image(), rva);
  if (!offset) return Undefined{};
  return static_cast<int64_t>(*offset);
}

// Whether a resource is in a language, of which `mask` bits are compared.
Value HasLanguage(ModuleContext& context, Arguments a, int32_t mask) {
  PeState* pe = PeState::Of(context);
  if (pe == nullptr) return Undefined{};
  const auto& resources = pe->resources();
  if (!resources) return int64_t{0};
  const auto wanted = std::get<int64_t>(a[0]);
  const bool has =
      std::any_of(resources->entries.begin(), resources->entries.end(),
                  [=](const pe::Resource& resource) {
                    return resource.language && !resource.language->is_text &&
                           (resource.language->id & mask) == wanted;
                  });
  return int64_t{has};
}

Value Locale(ModuleContext& context, Arguments a) {
  return HasLanguage(context, a, 0xffff);
}

Value Language(ModuleContext& context, Arguments a) {
  return HasLanguage(context, a, 0xff);
}

Value CalculateChecksum(ModuleContext& context, Arguments) {
  PeState* pe = PeState::Of(context);
  if (pe == nullptr) return Undefined{};
  return int64_t{pe::CalculateChecksum(pe->image())};
}

// Sum of the counts of a Rich header's tools; null stands for any.
Value RichCount(ModuleContext& context, const Value* version,
                const Value* toolid) {
  PeState* pe = PeState::Of(context);
  if (pe == nullptr || !pe->rich()) return Undefined{};
  int64_t sum = 0;
  for (const pe::RichHeader::Tool& tool : pe->rich()->tools) {
    if (version != nullptr && std::get<int64_t>(*version) != tool.version) {
      continue;
    }
    if (toolid != nullptr && std::get<int64_t>(*toolid) != tool.id) continue;
    sum += tool.count;
  }
  return sum;
}

Value RichVersion(ModuleContext& context, const Node&, Arguments a) {
  return RichCount(context, &a[0], a.size() > 1 ? &a[1] : nullptr);
}

Value RichToolid(ModuleContext& context, const Node&, Arguments a) {
  return RichCount(context, a.size() > 1 ? &a[1] : nullptr, &a[0]);
}

}  // namespace

const Overload kPeExports[3] = {
    {"s", Type::kInt, Exports},
    {"r", Type::kInt, Exports},
    {"i", Type::kInt, Exports},
};
const Overload kPeExportsIndex[3] = {
    {"s", Type::kInt, ExportsIndex},
    {"i", Type::kInt, ExportsIndex},
    {"r", Type::kInt, ExportsIndex},
};
const Overload kPeSectionIndex[2] = {
    {"s", Type::kInt, SectionIndex},
    {"i", Type::kInt, SectionIndex},
};
const Overload kPeIsDll[1] = {{"", Type::kInt, IsDll}};
const Overload kPeIs32Bit[1] = {{"", Type::kInt, Is32Bit}};
const Overload kPeIs64Bit[1] = {{"", Type::kInt, Is64Bit}};
const Overload kPeRvaToOffset[1] = {{"i", Type::kInt, RvaToOffset}};
const Overload kPeLocale[1] = {{"i", Type::kInt, Locale}};
const Overload kPeLanguage[1] = {{"i", Type::kInt, Language}};
const Overload kPeCalculateChecksum[1] = {{"", Type::kInt, CalculateChecksum}};
const Overload kPeRichVersion[2] = {
    {"i", Type::kInt, nullptr, RichVersion},
    {"ii", Type::kInt, nullptr, RichVersion},
};
const Overload kPeRichToolid[2] = {
    {"i", Type::kInt, nullptr, RichToolid},
    {"ii", Type::kInt, nullptr, RichToolid},
};

}  // namespace vitrine::engine::modules
