// SPDX-License-Identifier: Apache-2.0
#include "formats/macho/macho.h"

#include <bit>

#include "base/byte_reader.h"
#include "formats/field_reader.h"
#include "formats/macho/limits.h"

namespace vitrine::macho {
namespace {

constexpr uint32_t kCommandSegment = 0x1;
constexpr uint32_t kCommandUnixThread = 0x5;
constexpr uint32_t kCommandSegment64 = 0x19;
constexpr uint32_t kCommandMain = 0x80000028;

constexpr uint64_t kHeaderSize64 = 32;
constexpr uint64_t kCommandHeaderSize = 8;
constexpr uint64_t kNameSize = 16;

struct Budget {
  size_t commands = kCommandsMax;
  size_t sections = kSectionsMax;
};

std::string_view Name(FieldReader& in, Bytes record) {
  const std::string_view name = AsText(Clip(record, in.at(), kNameSize));
  in.Skip(kNameSize);
  return name.substr(0, name.find('\0'));
}

// Reads one image's load commands.
class CommandReader {
 public:
  CommandReader(Image& image, Budget& budget)
      : image_(image), budget_(budget) {}

  // False: the budget was used up.
  bool Run(uint64_t at) {
    const ByteReader file(image_.bytes);
    for (uint32_t i = 0; i < image_.header.command_count; ++i) {
      if (!file.Contains(at, kCommandHeaderSize)) {
        image_.damaged = true;
        return true;
      }
      FieldReader in = Fields(image_.bytes.subspan(at), false);
      const uint32_t command = in.U32();
      const uint32_t size = in.U32();
      // A shorter one would stand still, a longer one leaves the file: what
      // follows cannot be found.
      if (!file.Contains(at, size)) image_.damaged = true;
      if (size < kCommandHeaderSize || image_.damaged) return true;
      if (budget_.commands == 0) return false;
      --budget_.commands;
      if (!Read(command, at, size)) return false;
      at += size;
    }
    return true;
  }

  void ResolveThread() {
    if (has_thread_) image_.entry_point = OffsetOf(*image_.thread_address);
  }

 private:
  FieldReader Fields(Bytes record, bool wide) const {
    return {record,
            image_.header.big_endian ? std::endian::big : std::endian::little,
            wide};
  }

  bool Read(uint32_t command, uint64_t at, uint32_t size) {
    switch (command) {
      case kCommandSegment:
      case kCommandSegment64:
        return ReadSegment(at, size, command == kCommandSegment64);
      case kCommandMain:
        ReadMain(at);
        return true;
      case kCommandUnixThread:
        ReadThread(at);
        return true;
      default:
        return true;
    }
  }

  // The segment is read whatever size its command claims, as YARA does; its
  // sections lie within that size.
  bool ReadSegment(uint64_t at, uint32_t size, bool wide) {
    const Bytes record = image_.bytes.subspan(at);
    if (record.size() < (wide ? 72 : 56)) {
      image_.damaged = true;
      return true;
    }
    FieldReader in = Fields(record, wide);
    in.Skip(kCommandHeaderSize);
    Segment& segment = image_.segments.emplace_back();
    segment.name = Name(in, record);
    segment.address = in.Word();
    segment.memory_size = in.Word();
    segment.offset = in.Word();
    segment.file_size = in.Word();
    segment.protection_max = in.U32();
    segment.protection = in.U32();
    segment.section_count = in.U32();
    segment.flags = in.U32();
    for (uint32_t i = 0; i < segment.section_count; ++i) {
      const uint64_t section_size = wide ? 80 : 68;
      if (in.at() > size || size - in.at() < section_size) return true;
      if (budget_.sections == 0) return false;
      --budget_.sections;
      segment.sections.push_back(ReadSection(in, record, wide));
    }
    return true;
  }

  static Section ReadSection(FieldReader& in, Bytes record, bool wide) {
    Section section;
    section.name = Name(in, record);
    section.segment = Name(in, record);
    section.address = in.Word();
    section.size = in.Word();
    section.offset = in.U32();
    section.alignment = in.U32();
    section.relocations_offset = in.U32();
    section.relocation_count = in.U32();
    section.flags = in.U32();
    section.reserved1 = in.U32();
    section.reserved2 = in.U32();
    if (wide) section.reserved3 = in.U32();
    return section;
  }

  void ReadMain(uint64_t at) {
    FieldReader in = Fields(image_.bytes.subspan(at), false);
    in.Skip(kCommandHeaderSize);
    const uint64_t entry = in.U64();
    const uint64_t stack = in.U64();
    if (!in.ok()) return;
    has_thread_ = false;
    image_.entry_point = entry;
    image_.stack_size = stack;
  }

  // The program counter's place in the thread state that follows command,
  // size, flavor and count (<mach/*/thread_status.h>).
  void ReadThread(uint64_t at) {
    struct Register {
      uint32_t cpu_type;
      uint64_t offset;
      bool wide;
    };
    static constexpr Register kProgramCounters[] = {
        {6, 68, false},           // MC680x0
        {7, 40, false},           // x86: eip
        {0x01000007, 128, true},  // x86-64: rip
        {12, 60, false},          // ARM: pc
        {0x0100000c, 256, true},  // ARM64: pc
        {13, 124, false},         // MC88000
        {14, 4, false},           // SPARC: pc
        {18, 0, false},           // PowerPC: srr0
        {0x01000012, 0, true},    // PowerPC 64: srr0
    };
    for (const Register& counter : kProgramCounters) {
      if (counter.cpu_type != image_.header.cpu_type) continue;
      FieldReader in = Fields(image_.bytes.subspan(at), counter.wide);
      in.Skip(kCommandHeaderSize + 8 + counter.offset);
      const uint64_t address = in.Word();
      if (!in.ok()) return;
      has_thread_ = true;
      image_.thread_address = address;
    }
  }

  std::optional<uint64_t> OffsetOf(uint64_t address) const {
    for (const Segment& segment : image_.segments) {
      if (address >= segment.address &&
          address - segment.address < segment.memory_size) {
        return segment.offset + (address - segment.address);
      }
    }
    return std::nullopt;
  }

  Image& image_;
  Budget& budget_;
  bool has_thread_ = false;
};

// False: the budget was used up.
bool ReadImage(Image& image, Budget& budget) {
  const ByteReader file(image.bytes);
  Header& header = image.header;
  // 32-bit files need not be longer than 28 bytes, but none is shorter.
  if (image.bytes.size() < kHeaderSize64) return true;
  header.magic = *file.Peek<std::endian::big, uint32_t>(0);
  switch (header.magic) {
    case kMagic32Little:
      break;
    case kMagic32Big:
      header.big_endian = true;
      break;
    case kMagic64Little:
      header.is_64 = true;
      break;
    case kMagic64Big:
    case kMagicFat:
    case kMagicFat64:
      header.is_64 = true;
      header.big_endian = true;
      break;
    default:
      // An architecture of a universal file that is no Mach-O: YARA reads one
      // all the same, and rules may look for what it then says.
      header.is_64 = true;
      break;
  }
  FieldReader in(image.bytes,
                 header.big_endian ? std::endian::big : std::endian::little);
  in.Skip(4);
  header.cpu_type = in.U32();
  header.cpu_subtype = in.U32();
  header.file_type = in.U32();
  header.command_count = in.U32();
  header.commands_size = in.U32();
  header.flags = in.U32();
  if (header.is_64) header.reserved = in.U32();
  CommandReader commands(image, budget);
  const bool whole = commands.Run(in.at());
  commands.ResolveThread();
  return whole;
}

// Universal headers are big-endian, whatever the architectures are.
void ReadFat(File& file, bool wide) {
  FieldReader in(file.bytes, std::endian::big, wide);
  in.Skip(4);
  file.architecture_count = in.U32();
  const uint64_t entry_size = wide ? 32 : 20;
  if (file.architecture_count > (file.bytes.size() - in.at()) / entry_size) {
    return;
  }
  Budget budget;
  for (uint32_t i = 0; i < file.architecture_count; ++i) {
    if (i == kArchitecturesMax) {
      file.cut = true;
      return;
    }
    Architecture& entry = file.architectures.emplace_back();
    entry.cpu_type = in.U32();
    entry.cpu_subtype = in.U32();
    entry.offset = in.Word();
    entry.size = in.Word();
    entry.alignment = in.U32();
    if (wide) entry.reserved = in.U32();
    const ByteReader whole(file.bytes);
    if (!whole.Contains(entry.offset, entry.size)) continue;
    entry.image = file.images.size();
    Image& image = file.images.emplace_back();
    image.bytes = file.bytes.subspan(entry.offset, entry.size);
    if (!ReadImage(image, budget)) file.cut = true;
  }
}

}  // namespace

Result<File> Parse(Bytes bytes) {
  const ByteReader reader(bytes);
  const uint32_t magic = TRY((reader.Read<std::endian::big, uint32_t>(0)));
  File file;
  file.bytes = bytes;
  switch (magic) {
    case kMagicFat:
    case kMagicFatSwapped:
    case kMagicFat64:
    case kMagicFat64Swapped:
      if (bytes.size() < 8) break;
      file.fat_magic = magic;
      ReadFat(file, magic == kMagicFat64 || magic == kMagicFat64Swapped);
      return file;
    case kMagic32Little:
    case kMagic32Big:
    case kMagic64Little:
    case kMagic64Big: {
      if (bytes.size() < kHeaderSize64) break;
      Image& image = file.images.emplace_back();
      image.bytes = bytes;
      Budget budget;
      file.cut = !ReadImage(image, budget);
      return file;
    }
    default:
      return Error{Code::kInvalid, "no Mach-O magic"};
  }
  return Error{Code::kTruncated, "ends within the header"};
}

}  // namespace vitrine::macho
