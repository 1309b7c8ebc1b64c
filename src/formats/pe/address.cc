// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/byte_reader.h"
#include "formats/pe/limits.h"
#include "formats/pe/pe.h"

namespace vitrine::pe {
namespace {

// The loader maps sections by sectors of this size: of a file alignment above
// it, and of an offset below it, it takes no notice.
constexpr uint32_t kSectorSize = 0x200;
constexpr uint32_t kPageSize = 0x1000;

uint64_t MappedRawOffset(const Image& image, const Section& section) {
  uint64_t offset = section.raw_offset;
  if (image.file_alignment != 0) {
    offset -= offset % std::min(image.file_alignment, kSectorSize);
  }
  if (image.section_alignment >= kPageSize) offset -= offset % kSectorSize;
  return offset;
}

// Of the sections that hold `rva`, the one that starts last; of several, the
// last in the table.
const Section* SectionAt(const Image& image, uint64_t rva) {
  const Section* best = nullptr;
  for (const Section& section : image.mapped_sections()) {
    if (rva < section.virtual_address) continue;
    const uint32_t size = std::max(section.virtual_size, section.raw_size);
    if (rva - section.virtual_address >= size) continue;
    if (best == nullptr || best->virtual_address <= section.virtual_address) {
      best = &section;
    }
  }
  return best;
}

bool IsBeforeSections(const Image& image, uint64_t rva) {
  const auto sections = image.mapped_sections();
  return std::none_of(
      sections.begin(), sections.end(),
      [rva](const Section& section) { return section.virtual_address <= rva; });
}

}  // namespace

std::optional<uint64_t> RvaToOffset(const Image& image, uint64_t rva) {
  const uint64_t size = image.bytes.size();
  // With a part of the section table missing, nothing is known to be mapped.
  if (image.mapped_sections().size() <
      std::min<size_t>(image.section_count, kMappedSectionCountMax)) {
    return std::nullopt;
  }
  // The headers are mapped as they are, up to the first section.
  if (rva <= UINT32_MAX && IsBeforeSections(image, rva)) {
    if (rva >= size) return std::nullopt;
    return rva;
  }
  const Section* section = SectionAt(image, rva);
  if (section == nullptr) return std::nullopt;
  const uint64_t distance = rva - section->virtual_address;
  if (distance >= section->raw_size) return std::nullopt;
  const uint64_t offset = MappedRawOffset(image, *section) + distance;
  if (offset >= size) return std::nullopt;
  return offset;
}

Bytes AtRva(const Image& image, uint64_t rva) {
  const auto offset = RvaToOffset(image, rva);
  if (!offset) return {};
  return image.bytes.subspan(*offset);
}

std::string_view StringAt(const Image& image, uint64_t offset,
                          uint64_t max_size) {
  const std::string_view text = AsText(Clip(image.bytes, offset, max_size));
  return text.substr(0, text.find('\0'));
}

std::optional<uint64_t> EntryPointOffset(const Image& image) {
  return RvaToOffset(image, image.entry_point);
}

Bytes RawData(const Image& image, const Section& section) {
  return Clip(image.bytes, section.raw_offset, section.raw_size);
}

Overlay FindOverlay(const Image& image) {
  // The section that ends last, where sums wrap as YARA lets them; then its
  // true end.
  const Section* last = nullptr;
  uint32_t last_end = 0;
  for (const Section& section : image.mapped_sections()) {
    const uint32_t section_end = section.raw_offset + section.raw_size;
    if (section_end > last_end) {
      last = &section;
      last_end = section_end;
    }
  }
  if (last == nullptr) return {};
  const uint64_t end = uint64_t{last->raw_offset} + last->raw_size;
  if (end >= image.bytes.size()) return {};
  return {end, image.bytes.size() - end};
}

}  // namespace vitrine::pe
