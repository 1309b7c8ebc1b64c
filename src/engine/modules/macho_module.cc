// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/macho_module.h"

#include <optional>

#include "engine/modules/schema.h"
#include "formats/macho/macho.h"

namespace vitrine::engine::modules {
namespace {

Node Sections(const macho::Segment& segment) {
  Node array;
  for (size_t i = 0; i < segment.sections.size(); ++i) {
    const macho::Section& section = segment.sections[i];
    Node& node = array.Set(i);
    if (section.reserved3) node.Set(11) = IntNode(*section.reserved3);
    node.Set(10) = IntNode(section.reserved2);
    node.Set(0) = Node::String(section.name);
    node.Set(1) = Node::String(section.segment);
    node.Set(2) = IntNode(section.address);
    node.Set(3) = IntNode(section.size);
    node.Set(4) = IntNode(section.offset);
    node.Set(5) = IntNode(section.alignment);
    node.Set(6) = IntNode(section.relocations_offset);
    node.Set(7) = IntNode(section.relocation_count);
    node.Set(8) = IntNode(section.flags);
    node.Set(9) = IntNode(section.reserved1);
  }
  return array;
}

Node Segments(const macho::Image& image) {
  Node array;
  for (size_t i = 0; i < image.segments.size(); ++i) {
    const macho::Segment& segment = image.segments[i];
    Node& node = array.Set(i);
    node.Set(9) = Sections(segment);
    node.Set(0) = Node::String(segment.name);
    node.Set(1) = IntNode(segment.address);
    node.Set(2) = IntNode(segment.memory_size);
    node.Set(3) = IntNode(segment.offset);
    node.Set(4) = IntNode(segment.file_size);
    node.Set(5) = IntNode(segment.protection_max);
    node.Set(6) = IntNode(segment.protection);
    node.Set(7) = IntNode(segment.section_count);
    node.Set(8) = IntNode(segment.flags);
  }
  return array;
}

Node OfImage(const macho::Image& image, size_t field) {
  const macho::Header& header = image.header;
  if (header.magic == 0) return Node();
  switch (field) {
    case kMachoMagic:
      return IntNode(header.magic);
    case kMachoCpuType:
      return IntNode(header.cpu_type);
    case kMachoCpuSubtype:
      return IntNode(header.cpu_subtype);
    case kMachoFileType:
      return IntNode(header.file_type);
    case kMachoCommandCount:
      return IntNode(header.command_count);
    case kMachoCommandsSize:
      return IntNode(header.commands_size);
    case kMachoFlags:
      return IntNode(header.flags);
    case kMachoReserved:
      return header.reserved ? IntNode(*header.reserved) : Node();
    case kMachoNumberOfSegments:
      return IntNode(image.segments.size());
    case kMachoSegments:
      return Segments(image);
    case kMachoEntryPoint:
      return image.entry_point ? IntNode(*image.entry_point) : Node();
    case kMachoStackSize:
      return image.stack_size ? IntNode(*image.stack_size) : Node();
    default:
      return Node();
  }
}

Node Architectures(const macho::File& file) {
  Node array;
  for (size_t i = 0; i < file.architectures.size(); ++i) {
    const macho::Architecture& architecture = file.architectures[i];
    Node& node = array.Set(i);
    node.Set(4) = IntNode(architecture.alignment);
    node.Set(0) = IntNode(architecture.cpu_type);
    node.Set(1) = IntNode(architecture.cpu_subtype);
    node.Set(2) = IntNode(architecture.offset);
    node.Set(3) = IntNode(architecture.size);
  }
  return array;
}

// The image of an architecture; null where it does not lie in the file.
const macho::Image* ImageOf(const macho::File& file, size_t index) {
  const auto& image = file.architectures[index].image;
  return image ? &file.images[*image] : nullptr;
}

// As many as architectures, so that the indices agree.
Node Files(const macho::File& file) {
  Node array;
  for (size_t i = 0; i < file.architectures.size(); ++i) {
    Node& node = array.Set(i);
    const macho::Image* const image = ImageOf(file, i);
    if (image == nullptr) continue;
    for (size_t field = kMachoStackSize + 1; field-- > 0;) {
      node.Set(field) = OfImage(*image, field);
    }
  }
  return array;
}

bool Is(uint32_t type, uint32_t subtype, int64_t wanted,
        std::optional<int64_t> wanted_subtype) {
  return type == wanted && (!wanted_subtype || subtype == *wanted_subtype);
}

// YARA goes by what the files say of themselves here ...
Value FileIndex(ModuleContext& context, int64_t type,
                std::optional<int64_t> subtype) {
  const macho::File* const file = context.object().Macho();
  if (file == nullptr || !file->fat_magic) return Undefined{};
  for (size_t i = 0; i < file->architectures.size(); ++i) {
    const macho::Image* const image = ImageOf(*file, i);
    if (image != nullptr &&
        Is(image->header.cpu_type, image->header.cpu_subtype, type, subtype)) {
      return static_cast<int64_t>(i);
    }
  }
  return Undefined{};
}

// ... and by what the universal header says of them here.
Value EntryPoint(ModuleContext& context, int64_t type,
                 std::optional<int64_t> subtype) {
  const macho::File* const file = context.object().Macho();
  if (file == nullptr || !file->fat_magic) return Undefined{};
  for (size_t i = 0; i < file->architectures.size(); ++i) {
    const macho::Architecture& architecture = file->architectures[i];
    if (!Is(architecture.cpu_type, architecture.cpu_subtype, type, subtype)) {
      continue;
    }
    const macho::Image* const image = ImageOf(*file, i);
    if (image == nullptr || !image->entry_point) return Undefined{};
    return Signed(architecture.offset + *image->entry_point);
  }
  return Undefined{};
}

}  // namespace

Node BuildMacho(ModuleContext& context, size_t field) {
  const macho::File* const file = context.object().Macho();
  if (file == nullptr) return Node();
  if (const macho::Image* const image = file->Thin()) {
    return OfImage(*image, field);
  }
  if (!file->fat_magic) return Node();
  switch (field) {
    case kMachoFatMagic:
      return IntNode(*file->fat_magic);
    case kMachoArchitectureCount:
      return IntNode(file->architecture_count);
    case kMachoArchitectures:
      return Architectures(*file);
    case kMachoFiles:
      return Files(*file);
    default:
      return Node();
  }
}

Value MachoFileIndexForType(ModuleContext& context,
                            std::span<const Value> arguments) {
  return FileIndex(context, IntArgument(arguments, 0), std::nullopt);
}

Value MachoFileIndexForSubtype(ModuleContext& context,
                               std::span<const Value> arguments) {
  return FileIndex(context, IntArgument(arguments, 0),
                   IntArgument(arguments, 1));
}

Value MachoEntryPointForType(ModuleContext& context,
                             std::span<const Value> arguments) {
  return EntryPoint(context, IntArgument(arguments, 0), std::nullopt);
}

Value MachoEntryPointForSubtype(ModuleContext& context,
                                std::span<const Value> arguments) {
  return EntryPoint(context, IntArgument(arguments, 0),
                    IntArgument(arguments, 1));
}

}  // namespace vitrine::engine::modules
