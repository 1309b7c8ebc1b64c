// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/elf_module.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "crypto/digest.h"
#include "engine/modules/limits.h"
#include "engine/modules/schema.h"
#include "engine/modules/tlsh.h"
#include "formats/elf/elf.h"
#include "formats/elf/limits.h"

namespace vitrine::engine::modules {
namespace {

// Null where YARA says nothing at all: no ELF, one of an unknown byte order, or
// one of a header alone.
const elf::Image* ImageOf(ModuleContext& context) {
  const elf::Image* const image = context.object().Elf();
  if (image == nullptr || image->header.byte_order < 1 ||
      image->header.byte_order > 2) {
    return nullptr;
  }
  const size_t header_size = image->header.is_64 ? 64 : 52;
  return image->bytes.size() > header_size ? image : nullptr;
}

// YARA shows neither sections nor symbols of a file whose section names lie in
// no section.
bool SectionsShown(const elf::Image& image) {
  return image.header.names_section < image.sections.size();
}

Node Text(const std::optional<std::string_view>& text) {
  return text ? Node::String(*text) : Node();
}

Node EntryPoint(const elf::Image& image) {
  const uint64_t address = image.header.entry;
  if (address == 0) return Node();
  const auto offset = image.header.type == elf::kTypeExecutable
                          ? elf::OffsetBySegments(image, address)
                          : elf::OffsetBySections(image, address);
  return offset ? IntNode(*offset) : Node();
}

Node Sections(const elf::Image& image) {
  Node array;
  if (!SectionsShown(image)) return array;
  for (size_t i = 0; i < image.sections.size(); ++i) {
    const elf::Section& section = image.sections[i];
    Node& node = array.Set(i);
    node.Set(5) = IntNode(section.offset);
    node.Set(0) = IntNode(section.type);
    node.Set(1) = IntNode(section.flags);
    node.Set(2) = IntNode(section.address);
    node.Set(3) = Text(elf::NameOf(image, section));
    node.Set(4) = IntNode(section.size);
  }
  return array;
}

Node Segments(const elf::Image& image) {
  Node array;
  for (size_t i = 0; i < image.segments.size(); ++i) {
    const elf::Segment& segment = image.segments[i];
    Node& node = array.Set(i);
    node.Set(7) = IntNode(segment.alignment);
    node.Set(0) = IntNode(segment.type);
    node.Set(1) = IntNode(segment.flags);
    node.Set(2) = IntNode(segment.offset);
    node.Set(3) = IntNode(segment.address);
    node.Set(4) = IntNode(segment.physical_address);
    node.Set(5) = IntNode(segment.file_size);
    node.Set(6) = IntNode(segment.memory_size);
  }
  return array;
}

// Where a file has several dynamic segments or symbol tables, each is written
// over the one before, entry by entry, and the number of entries is that of
// the last. All together are read up to the limit of one.
Node Dynamic(const elf::Image& image, bool count_only) {
  Node array;
  Node count;
  size_t read = 0;
  for (const elf::Segment& segment : image.segments) {
    if (segment.type != elf::kSegmentDynamic) continue;
    if (read >= elf::kDynamicMax) break;
    const auto entries = elf::DynamicOf(image, segment);
    read += entries.size();
    count = IntNode(entries.size());
    for (size_t i = 0; !count_only && i < entries.size(); ++i) {
      Node& node = array.Set(i);
      node.Set(1) = IntNode(entries[i].value);
      node.Set(0) = IntNode(entries[i].tag);
    }
  }
  return count_only ? count : array;
}

Node Symbols(const elf::Image& image, uint32_t type, bool count_only) {
  Node array;
  Node count;
  if (!SectionsShown(image)) return Node();
  size_t read = 0;
  for (const elf::Section& section : image.sections) {
    if (section.type != type) continue;
    if (read >= elf::kSymbolsMax) break;
    const auto symbols = elf::SymbolsOf(image, section);
    if (!symbols) continue;
    read += symbols->size();
    count = IntNode(section.size / (image.header.is_64 ? 24 : 16));
    for (size_t i = 0; !count_only && i < symbols->size(); ++i) {
      const elf::Symbol& symbol = (*symbols)[i];
      Node& node = array.Set(i);
      node.Set(5) = IntNode(symbol.section);
      node.Set(0) = Text(symbol.name);
      node.Set(1) = IntNode(symbol.value);
      node.Set(2) = IntNode(symbol.size);
      node.Set(3) = IntNode(symbol.type);
      node.Set(4) = IntNode(symbol.bind);
    }
  }
  return count_only ? count : array;
}

// The symbols that both hashes are made of: the last table of dynamic ones, or,
// where there is none, of all.
std::vector<elf::Symbol> HashedSymbols(const elf::Image& image) {
  if (!SectionsShown(image)) return {};
  for (const uint32_t type :
       {elf::kSectionDynamicSymbols, elf::kSectionSymbols}) {
    for (size_t i = image.sections.size(); i-- > 0;) {
      if (image.sections[i].type != type) continue;
      auto symbols = elf::SymbolsOf(image, image.sections[i]);
      if (symbols) return std::move(*symbols);
    }
  }
  return {};
}

// Lower-case, sorted and joined by commas; none where there is no name.
std::optional<std::string> JoinedNames(const elf::Image& image,
                                       bool (*wanted)(const elf::Symbol&)) {
  std::vector<std::string> names;
  size_t size = 0;
  for (const elf::Symbol& symbol : HashedSymbols(image)) {
    if (!symbol.name || !wanted(symbol)) continue;
    size += symbol.name->size() + 1;
    if (size > kHashedNamesMax) return std::nullopt;
    names.push_back(ToLowerText(*symbol.name));
  }
  if (names.empty()) return std::nullopt;
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) text.append(name).push_back(',');
  text.pop_back();
  return text;
}

// Names that nearly every program has, and compiler's ones
// (github.com/trendmicro/telfhash, README).
bool Telling(std::string_view name) {
  static constexpr std::string_view kCommon[] = {
      "__libc_start_main", "main", "abort", "cachectl",
      "cacheflush",        "puts", "atol",  "malloc_trim"};
  if (name.starts_with('_') || name.starts_with('.')) return false;
  if (name.ends_with("64")) return false;
  if (name.starts_with("str") || name.starts_with("mem")) return false;
  return std::find(std::begin(kCommon), std::end(kCommon), name) ==
         std::end(kCommon);
}

}  // namespace

Node BuildElf(ModuleContext& context, size_t field) {
  const elf::Image* const image = ImageOf(context);
  if (image == nullptr) return Node();
  const elf::Header& header = image->header;
  switch (field) {
    case kElfType:
      return IntNode(header.type);
    case kElfMachine:
      return IntNode(header.machine);
    case kElfEntryPoint:
      return EntryPoint(*image);
    case kElfNumberOfSections:
      return IntNode(header.section_count);
    case kElfSectionsOffset:
      return IntNode(header.sections_offset);
    case kElfSectionEntrySize:
      return IntNode(header.section_size);
    case kElfNumberOfSegments:
      return IntNode(header.segment_count);
    case kElfSegmentsOffset:
      return IntNode(header.segments_offset);
    case kElfSegmentEntrySize:
      return IntNode(header.segment_size);
    case kElfSections:
      return Sections(*image);
    case kElfSegments:
      return Segments(*image);
    case kElfDynamicEntries:
    case kElfDynamic:
      return Dynamic(*image, field == kElfDynamicEntries);
    case kElfSymtabEntries:
    case kElfSymtab:
      return Symbols(*image, elf::kSectionSymbols, field == kElfSymtabEntries);
    case kElfDynsymEntries:
    case kElfDynsym:
      return Symbols(*image, elf::kSectionDynamicSymbols,
                     field == kElfDynsymEntries);
    default:
      return Node();
  }
}

Value ElfImportMd5(ModuleContext& context, std::span<const Value>) {
  const elf::Image* const image = ImageOf(context);
  if (image == nullptr) return Undefined{};
  const auto names = JoinedNames(*image, [](const elf::Symbol& symbol) {
    return symbol.section == 0 && !symbol.name->empty();
  });
  if (!names) return Undefined{};
  return context.Keep(ToHex(crypto::Md5(AsBytes(*names))));
}

Value ElfTelfhash(ModuleContext& context, std::span<const Value>) {
  const elf::Image* const image = ImageOf(context);
  if (image == nullptr) return Undefined{};
  const auto names = JoinedNames(*image, [](const elf::Symbol& symbol) {
    return symbol.bind == elf::kBindGlobal &&
           symbol.type == elf::kSymbolFunction && symbol.visibility == 0 &&
           Telling(*symbol.name);
  });
  if (!names) return Undefined{};
  return context.Keep(Tlsh(AsBytes(*names)));
}

}  // namespace vitrine::engine::modules
