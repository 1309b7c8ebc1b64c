// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "formats/pe/limits.h"
#include "formats/pe/pe.h"

namespace vitrine::pe {
namespace {

constexpr uint64_t kSymbolSize = 18;

// Leading digits; none are zero. Seven of them at most: no overflow.
uint64_t Prefix(std::string_view digits) {
  uint64_t value = 0;
  for (const char c : digits) {
    if (!IsDigit(static_cast<uint8_t>(c))) break;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  return value;
}

}  // namespace

std::optional<std::string_view> FullName(const Image& image,
                                         const Section& section) {
  if (!section.name.starts_with('/') || image.symbols_offset == 0) {
    return section.name;
  }
  // The string table follows the symbols.
  const uint64_t offset = image.symbols_offset +
                          image.symbol_count * kSymbolSize +
                          Prefix(section.name.substr(1));
  const std::string_view text =
      AsText(Clip(image.bytes, offset, kSectionNameSizeMax));
  const size_t size = text.find('\0');
  if (size == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(0, size);
  if (std::any_of(name.begin(), name.end(),
                  [](char c) { return c < ' ' || c > '~'; })) {
    return std::nullopt;
  }
  return name;
}

}  // namespace vitrine::pe
