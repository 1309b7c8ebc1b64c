// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::pe {

// Sections that addresses are mapped by, and that YARA rules see: the Windows
// loader refuses images with more. ClamAV's offsets know them all, which are
// at most 65535 (their count has 16 bits) and lie in the file.
inline constexpr uint32_t kMappedSectionCountMax = 96;

// Data directories: the format has no more. Those after them are ignored.
inline constexpr uint32_t kDirectoryCount = 16;

// Bytes of a section's name in the COFF string table; longer ones are none.
inline constexpr uint64_t kSectionNameSizeMax = 65536;

// Import descriptors and imported functions read. Beyond them Imports::cut
// says so.
inline constexpr uint64_t kImportedLibraryCountMax = 16384;
inline constexpr uint64_t kImportedFunctionCountMax = 16384;

// Entries of import tables looked at, of all libraries together: tables that
// hold no function at all could be walked 16384 times. Beyond them
// Imports::cut says so.
inline constexpr uint64_t kImportThunkCountMax = 1048576;

// Bytes of a library's name; longer ones are no names. Windows has 260.
inline constexpr uint64_t kLibraryNameSizeMax = 256;

// Bytes of an imported or exported function's name; cut there. C++ names of
// more than 4096 characters are hashed by Microsoft's compilers.
inline constexpr uint64_t kFunctionNameSizeMax = 512;
inline constexpr uint64_t kExportNameSizeMax = 512;

// Bytes of the name that a library gives itself; cut there.
inline constexpr uint64_t kLongNameSizeMax = 65536;

// Exported functions and names read. Beyond them Exports::cut says so.
inline constexpr uint32_t kExportCountMax = 16384;

// Debug directory entries looked at, and bytes of a PDB path.
inline constexpr uint64_t kDebugEntryCountMax = 64;
inline constexpr uint64_t kPdbPathSizeMax = 1024;

// Entries of one directory of resources. Directories with more are ignored.
inline constexpr uint32_t kResourceEntryCountMax = 32768;

// Resources of this size or more are ignored: no file of that size is mapped.
inline constexpr uint32_t kResourceSizeEnd = 0x40000000;

// Resources kept, and entries of the resource tree visited: subdirectories may
// be shared, so that a small tree has many paths. Beyond them Resources::cut.
inline constexpr uint32_t kResourceCountMax = 65536;
inline constexpr uint32_t kResourceVisitMax = 262144;

// Icon groups read, and pictures read of each: shells show the first group,
// and a group holds a few sizes. Others are ignored.
inline constexpr size_t kIconGroupCountMax = 1024;
inline constexpr uint32_t kGroupIconCountMax = 256;

// Signatures of a file, how deep they lie in each other, and time stamps of a
// signature. Real files have two, one and one; others are ignored.
inline constexpr size_t kSignatureCountMax = 16;
inline constexpr int kNestedDepthMax = 4;
inline constexpr size_t kCountersignatureCountMax = 16;

// Strings of the version information kept; others are ignored.
inline constexpr size_t kVersionStringCountMax = 32768;

// Nodes of version information visited: they may lie in each other. Others are
// ignored.
inline constexpr uint32_t kVersionVisitMax = 65536;

// Characters of a version string's key and value; cut there.
inline constexpr size_t kVersionKeySizeMax = 63;
inline constexpr size_t kVersionValueSizeMax = 255;

}  // namespace vitrine::pe
