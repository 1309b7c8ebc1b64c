// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "formats/executable_layout.h"

// Portable Executable: PE32 and PE32+. Parse() reads the headers and the
// section table; everything behind a data directory is read by the functions
// of the other headers of this folder, when somebody asks for it.
namespace vitrine::pe {

// Numbers of the data directories.
enum class Directory : uint8_t {
  kExport = 0,
  kImport = 1,
  kResource = 2,
  kException = 3,
  kSecurity = 4,  // Its address is a file offset.
  kBaseRelocation = 5,
  kDebug = 6,
  kArchitecture = 7,
  kGlobalPointer = 8,
  kTls = 9,
  kLoadConfig = 10,
  kBoundImport = 11,
  kImportAddresses = 12,
  kDelayImport = 13,
  kComDescriptor = 14,
};

struct DataDirectory {
  uint32_t address = 0;  // Relative to the image base.
  uint32_t size = 0;
};

// IMAGE_SECTION_HEADER, as it is in the file.
struct Section {
  std::string_view name;  // 8 bytes, but for the NULs at their end.
  uint32_t virtual_size = 0;
  uint32_t virtual_address = 0;
  uint32_t raw_size = 0;
  uint32_t raw_offset = 0;
  uint32_t relocations_offset = 0;
  uint32_t line_numbers_offset = 0;
  uint16_t relocation_count = 0;
  uint16_t line_number_count = 0;
  uint32_t characteristics = 0;
};

struct Version {
  uint16_t major = 0;
  uint16_t minor = 0;
};

// The headers' fields, unjudged. `bytes` and the names are views of the input.
struct Image {
  Bytes bytes;
  uint64_t header_offset = 0;    // Of "PE\0\0".
  uint64_t sections_offset = 0;  // Of the section table.
  bool is_64 = false;            // PE32+.

  // IMAGE_FILE_HEADER.
  uint16_t machine = 0;
  uint16_t section_count = 0;  // As claimed; `sections` may hold fewer.
  uint32_t timestamp = 0;
  uint32_t symbols_offset = 0;
  uint32_t symbol_count = 0;
  uint16_t optional_header_size = 0;
  uint16_t characteristics = 0;

  // IMAGE_OPTIONAL_HEADER.
  uint16_t magic = 0;
  Version linker_version;
  uint32_t code_size = 0;
  uint32_t initialized_data_size = 0;
  uint32_t uninitialized_data_size = 0;
  uint32_t entry_point = 0;  // Relative to the image base.
  uint32_t code_base = 0;
  std::optional<uint32_t> data_base;  // PE32 only.
  uint64_t image_base = 0;
  uint32_t section_alignment = 0;
  uint32_t file_alignment = 0;
  Version os_version;
  Version image_version;
  Version subsystem_version;
  uint32_t win32_version = 0;
  uint32_t image_size = 0;
  uint32_t headers_size = 0;
  uint32_t checksum = 0;
  uint16_t subsystem = 0;
  uint16_t dll_characteristics = 0;
  uint64_t stack_reserve = 0;
  uint64_t stack_commit = 0;
  uint64_t heap_reserve = 0;
  uint64_t heap_commit = 0;
  uint32_t loader_flags = 0;
  uint32_t directory_count = 0;  // As claimed.

  // Always 16: the loader reads them whatever count is claimed.
  std::vector<DataDirectory> directories;
  std::vector<Section> sections;  // Those whose headers lie in the file.

  // Zeros where the file has none such.
  DataDirectory directory(Directory which) const;

  // The first 96 sections: the loader knows no more.
  std::span<const Section> mapped_sections() const;
};

// kInvalid or kTruncated where the bytes have no PE headers. Never fails for
// what comes after them: a broken section table gives fewer sections.
Result<Image> Parse(Bytes bytes);

// Where `rva` is in the file, as the Windows loader maps it: sections start at
// multiples of 512 in the file, whatever their header says. nullopt for what
// exists in memory only or lies after the end of the file.
std::optional<uint64_t> RvaToOffset(const Image& image, uint64_t rva);

// From RvaToOffset(rva) to the end of the file; empty where that is nowhere.
Bytes AtRva(const Image& image, uint64_t rva);

// The NUL-ended string at `offset`, cut at `max_size` bytes; empty outside.
std::string_view StringAt(const Image& image, uint64_t offset,
                          uint64_t max_size);

// The entry point as a file offset, or nullopt where no file byte is it.
std::optional<uint64_t> EntryPointOffset(const Image& image);

// The section's name with "/123" looked up in the COFF string table; nullopt
// where nothing printable is there.
std::optional<std::string_view> FullName(const Image& image,
                                         const Section& section);

// The section's bytes in the file, cut at its end.
Bytes RawData(const Image& image, const Section& section);

// What follows the last section's data; zeros where nothing does.
struct Overlay {
  uint64_t offset = 0;
  uint64_t size = 0;
};
Overlay FindOverlay(const Image& image);

// What ClamAV's offsets speak of. Sections are rounded to the file's
// alignments and cut at its end.
ExecutableLayout Layout(const Image& image);

// Whether ClamAV would call it Heuristics.Broken.Executable, given bytes whose
// type is MSEXE: it has a PE header, but the headers contradict themselves or
// point outside the file. Programs for DOS are not broken.
bool IsBroken(Bytes bytes);

}  // namespace vitrine::pe
