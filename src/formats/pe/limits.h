// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::pe {

// Section headers read. The Windows loader refuses images with more than 96;
// what comes after them is ignored.
inline constexpr uint32_t kSectionCountMax = 96;

// Data directories; the format has no more. Those after them are ignored.
inline constexpr uint32_t kDirectoryCountMax = 16;

// Bytes of a section's name in the COFF string table; longer ones are none.
inline constexpr uint64_t kSectionNameSizeMax = 65536;

// Import descriptors and imported functions read. Beyond them Imports::cut
// says so.
inline constexpr uint64_t kImportedLibraryCountMax = 16384;
inline constexpr uint64_t kImportedFunctionCountMax = 16384;

// Bytes of a library's name; longer ones are no names. Windows has 260.
inline constexpr uint64_t kLibraryNameSizeMax = 256;

// Bytes of an imported or exported function's name; cut there. C++ names of
// more than 4096 characters are hashed by Microsoft's compilers.
inline constexpr uint64_t kFunctionNameSizeMax = 512;
inline constexpr uint64_t kExportNameSizeMax = 512;

// Exported functions and names read. Beyond them Exports::cut says so.
inline constexpr uint32_t kExportCountMax = 16384;

// Debug directory entries looked at, and bytes of a PDB path.
inline constexpr uint64_t kDebugEntryCountMax = 64;
inline constexpr uint64_t kPdbPathSizeMax = 1024;

// Resources kept, and entries of the resource tree visited: subdirectories may
// be shared, so that a small tree has many paths. Beyond them Resources::cut.
inline constexpr uint32_t kResourceCountMax = 65536;
inline constexpr uint32_t kResourceVisitMax = 262144;

// Strings of the version information kept; others are ignored.
inline constexpr size_t kVersionStringCountMax = 4096;

}  // namespace vitrine::pe
