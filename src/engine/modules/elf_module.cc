// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/elf_module.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "crypto/digest.h"
#include "engine/modules/schema.h"
#include "engine/modules/tlsh.h"
#include "formats/elf/elf.h"

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
// the last.
Node Dynamic(const elf::Image& image, bool count_only) {
  Node array;
  Node count;
  for (const elf::Segment& segment : image.segments) {
    if (segment.type != elf::kSegmentDynamic) continue;
    const auto entries = elf::DynamicOf(image, segment);
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
  for (const elf::Section& section : image.sections) {
    if (section.type != type) continue;
    const auto symbols = elf::SymbolsOf(image, section);
    if (!symbols) continue;
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

// The symbols that both hashes are made of: the dynamic ones, or, where there
// is no such table, all.
std::vector<elf::Symbol> HashedSymbols(const elf::Image& image) {
  std::vector<elf::Symbol> all;
  if (!SectionsShown(image)) return all;
  for (const uint32_t type :
       {elf::kSectionDynamicSymbols, elf::kSectionSymbols}) {
    bool found = false;
    for (const elf::Section& section : image.sections) {
      if (section.type != type) continue;
      if (auto symbols = elf::SymbolsOf(image, section)) {
        all = std::move(*symbols);
        found = true;
      }
    }
    if (found) break;
  }
  return all;
}

std::string Joined(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += ',';
    text += name;
  }
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
  std::vector<std::string> names;
  for (const elf::Symbol& symbol : HashedSymbols(*image)) {
    if (symbol.section != 0 || !symbol.name || symbol.name->empty()) continue;
    names.push_back(ToLowerText(*symbol.name));
  }
  if (names.empty()) return Undefined{};
  const std::string text = Joined(std::move(names));
  return context.Keep(ToHex(crypto::Md5(AsBytes(text))));
}

Value ElfTelfhash(ModuleContext& context, std::span<const Value>) {
  const elf::Image* const image = ImageOf(context);
  if (image == nullptr) return Undefined{};
  std::vector<std::string> names;
  for (const elf::Symbol& symbol : HashedSymbols(*image)) {
    if (symbol.bind != elf::kBindGlobal ||
        symbol.type != elf::kSymbolFunction || symbol.visibility != 0 ||
        !symbol.name || !Telling(*symbol.name)) {
      continue;
    }
    names.push_back(ToLowerText(*symbol.name));
  }
  if (names.empty()) return Undefined{};
  return context.Keep(Tlsh(AsBytes(Joined(std::move(names)))));
}

}  // namespace vitrine::engine::modules
