// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "formats/executable_layout.h"

// ELF of either width and byte order (System V ABI, chapters 4 and 5).
namespace vitrine::elf {

// e_type
inline constexpr uint16_t kTypeRelocatable = 1;
inline constexpr uint16_t kTypeExecutable = 2;
inline constexpr uint16_t kTypeShared = 3;
// sh_type
inline constexpr uint32_t kSectionNull = 0;
inline constexpr uint32_t kSectionSymbols = 2;
inline constexpr uint32_t kSectionStrings = 3;
inline constexpr uint32_t kSectionNoBits = 8;
inline constexpr uint32_t kSectionDynamicSymbols = 11;
// p_type
inline constexpr uint32_t kSegmentLoad = 1;
inline constexpr uint32_t kSegmentDynamic = 2;
// Symbols.
inline constexpr uint8_t kSymbolFunction = 2;
inline constexpr uint8_t kBindGlobal = 1;

struct Header {
  bool is_64 = false;
  // Everything but 1 (little) and 2 (big) breaks the rules; ClamAV and we read
  // it as big.
  uint8_t byte_order = 0;
  bool big_endian = false;
  uint8_t os_abi = 0;
  uint16_t type = 0;
  uint16_t machine = 0;
  uint32_t version = 0;
  uint64_t entry = 0;  // An address.
  uint64_t segments_offset = 0;
  uint64_t sections_offset = 0;
  uint32_t flags = 0;
  uint16_t size = 0;
  uint16_t segment_size = 0;   // As claimed; entries of any other size than
  uint16_t segment_count = 0;  // the ABI's are read as if they had that one.
  uint16_t section_size = 0;
  uint16_t section_count = 0;
  uint16_t names_section = 0;
};

struct Section {
  uint32_t name = 0;  // Offset in the names section: see NameOf().
  uint32_t type = 0;
  uint64_t flags = 0;
  uint64_t address = 0;
  uint64_t offset = 0;
  uint64_t size = 0;
  uint32_t link = 0;
  uint32_t info = 0;
  uint64_t alignment = 0;
  uint64_t entry_size = 0;
};

struct Segment {
  uint32_t type = 0;
  uint32_t flags = 0;
  uint64_t offset = 0;
  uint64_t address = 0;
  uint64_t physical_address = 0;
  uint64_t file_size = 0;
  uint64_t memory_size = 0;
  uint64_t alignment = 0;
};

struct Symbol {
  std::optional<std::string_view> name;  // None where it does not end.
  uint64_t value = 0;
  uint64_t size = 0;
  uint8_t type = 0;
  uint8_t bind = 0;
  uint8_t visibility = 0;
  uint16_t section = 0;
};

struct Dynamic {
  uint64_t tag = 0;
  uint64_t value = 0;
};

// A file's headers. Owns no bytes: they must outlive it. The two tables are
// either read whole or, where they do not lie in the file, empty.
struct Image {
  Bytes bytes;
  Header header;
  std::vector<Section> sections;
  std::vector<Segment> segments;
};

// Reads headers and the two tables; time and memory hang on the tables alone.
// kInvalid: no ELF. kTruncated: not even a whole header.
Result<Image> Parse(Bytes bytes);

// A section's name; none where the file ends before it does, or kNameMax is
// reached.
std::optional<std::string_view> NameOf(const Image& image,
                                       const Section& section);

// The entries of a symbol table; none at all where the section is no symbol
// table, or it or its string table does not lie in the file. At most
// kSymbolsMax.
std::optional<std::vector<Symbol>> SymbolsOf(const Image& image,
                                             const Section& section);

// Entries from a dynamic segment's start up to and with DT_NULL, or to the end
// of the file. At most kDynamicMax.
std::vector<Dynamic> DynamicOf(const Image& image, const Segment& segment);

// The file offset of an address, by the segments or by the sections that hold
// bytes of the file.
std::optional<uint64_t> OffsetBySegments(const Image& image, uint64_t address);
std::optional<uint64_t> OffsetBySections(const Image& image, uint64_t address);

// As ClamAV's offsets count; section 0 is the null section, and a file without
// entry point has it at 0. Empty, without an entry point either, where ClamAV
// gives up on the headers: then nothing that hangs on them matches.
ExecutableLayout Layout(const Image& image);

// Whether ClamAV would alert Heuristics.Broken.Executable. Of bytes: false
// where they are no ELF, or too short for a header.
bool IsBroken(const Image& image);
bool IsBroken(Bytes bytes);

}  // namespace vitrine::elf
