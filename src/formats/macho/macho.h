// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "formats/executable_layout.h"

// Mach-O of either width and byte order, thin or in a universal ("fat") file
// (<mach-o/loader.h>, <mach-o/fat.h>).
namespace vitrine::macho {

// The first four bytes as a big-endian number.
inline constexpr uint32_t kMagic32Big = 0xfeedface;
inline constexpr uint32_t kMagic32Little = 0xcefaedfe;
inline constexpr uint32_t kMagic64Big = 0xfeedfacf;
inline constexpr uint32_t kMagic64Little = 0xcffaedfe;
inline constexpr uint32_t kMagicFat = 0xcafebabe;
inline constexpr uint32_t kMagicFatSwapped = 0xbebafeca;
inline constexpr uint32_t kMagicFat64 = 0xcafebabf;
inline constexpr uint32_t kMagicFat64Swapped = 0xbfbafeca;

struct Section {
  std::string_view name;
  std::string_view segment;
  uint64_t address = 0;
  uint64_t size = 0;
  uint32_t offset = 0;
  uint32_t alignment = 0;  // A power of two's exponent.
  uint32_t relocations_offset = 0;
  uint32_t relocation_count = 0;
  uint32_t flags = 0;
  uint32_t reserved1 = 0;
  uint32_t reserved2 = 0;
  std::optional<uint32_t> reserved3;  // 64 bits only.
};

struct Segment {
  std::string_view name;
  uint64_t address = 0;
  uint64_t memory_size = 0;
  uint64_t offset = 0;
  uint64_t file_size = 0;
  uint32_t protection_max = 0;
  uint32_t protection = 0;
  uint32_t section_count = 0;  // As claimed.
  uint32_t flags = 0;
  std::vector<Section> sections;  // As many as lie in the load command.
};

struct Header {
  uint32_t magic = 0;  // As read big-endian.
  bool is_64 = false;
  bool big_endian = false;
  uint32_t cpu_type = 0;
  uint32_t cpu_subtype = 0;
  uint32_t file_type = 0;
  uint32_t command_count = 0;
  uint32_t commands_size = 0;
  uint32_t flags = 0;
  std::optional<uint32_t> reserved;  // 64 bits only.
};

// One architecture's file. Offsets count from its own start.
struct Image {
  Bytes bytes;
  Header header;
  std::vector<Segment> segments;
  std::optional<uint64_t> entry_point;  // A file offset.
  std::optional<uint64_t> stack_size;
  // The program counter of the last LC_UNIXTHREAD: an address.
  std::optional<uint64_t> thread_address;
  bool damaged = false;  // A load command leaves the file.
};

struct Architecture {
  uint32_t cpu_type = 0;
  uint32_t cpu_subtype = 0;
  uint64_t offset = 0;
  uint64_t size = 0;
  uint32_t alignment = 0;
  std::optional<uint32_t> reserved;  // 64-bit fat headers only.
  // The file's index in File::images; none where it does not lie in the file.
  std::optional<size_t> image;
};

// A thin file has one image and no fat magic; a universal one any number, and
// those of another magic are read as 64-bit ones. Owns no bytes: they must
// outlive it.
struct File {
  Bytes bytes;
  std::optional<uint32_t> fat_magic;
  uint32_t architecture_count = 0;  // As claimed.
  std::vector<Architecture> architectures;
  std::vector<Image> images;
  // A limit of limits.h was reached; the rest was not read.
  bool cut = false;

  const Image* Thin() const {
    return fat_magic || images.empty() ? nullptr : &images.front();
  }
};

// kInvalid: neither Mach-O nor universal (a Java class file begins like one;
// then there are no images). kTruncated: not even a whole header.
Result<File> Parse(Bytes bytes);

// As ClamAV's offsets count: sections from 0; the entry point where ClamAV finds
// one, which is in PowerPC threads, and at 0 in all other files. Empty, without
// an entry point either, where ClamAV gives up on the headers, and for universal
// files: their architectures are looked at one by one.
ExecutableLayout Layout(const File& file);

// Whether ClamAV would alert Heuristics.Broken.Executable for a thin file.
bool IsBroken(const File& file);

}  // namespace vitrine::macho
