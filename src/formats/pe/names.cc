// SPDX-License-Identifier: Apache-2.0
#include "base/byte_reader.h"
#include "base/text.h"
#include "formats/pe/limits.h"
#include "formats/pe/pe.h"

namespace vitrine::pe {

std::string_view FullName(const Image& image, const Section& section) {
  constexpr uint64_t kSymbolSize = 18;
  if (section.name.empty() || section.name[0] != '/') return section.name;
  const auto index = ParseDecimal(section.name.substr(1));
  if (!index) return section.name;
  const uint64_t table =
      image.symbols_offset + image.symbol_count * kSymbolSize;
  const uint64_t offset = table + *index;
  if (image.symbols_offset == 0 || offset >= image.bytes.size()) {
    return section.name;
  }
  return StringAt(image, offset, kSectionNameSizeMax);
}

}  // namespace vitrine::pe
