// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::dotnet {

// Streams of the metadata read; compilers write five. Others are ignored.
inline constexpr uint32_t kStreamCountMax = 32;

// Bytes of a stream's name, of the version text, and of names in the string
// heap; cut there. The specification has 32, 255 and 1023.
inline constexpr uint64_t kStreamNameSizeMax = 32;
inline constexpr uint32_t kVersionSizeMax = 255;
inline constexpr uint64_t kNameSizeMax = 1024;

// Rows of one table. From the first table that has more on, none is read, and
// no class: YARA shows nothing else of such files, and rules are written
// against it.
inline constexpr uint32_t kRowCountMax = 15000;

// Strings of the user string heap, and identifiers of the GUID heap, kept.
// Others are ignored.
inline constexpr size_t kUserStringCountMax = 100000;
inline constexpr size_t kGuidCountMax = 16;

// Types within a type, parts of a type looked at for one file, and bytes of a
// type's name. A type beyond them has no name.
inline constexpr int kTypeDepthMax = 16;
inline constexpr uint32_t kTypePartCountMax = 2000000;
inline constexpr size_t kTypeNameSizeMax = 4096;

// Classes within a class; the name of a deeper one starts there.
inline constexpr int kNestingDepthMax = 16;

// Generic arguments of a type, dimensions of an array, and parameters of a
// method. A type or method with more has no name or no parameters.
inline constexpr uint32_t kGenericArgumentCountMax = 1000;
inline constexpr uint32_t kArrayRankMax = 50;
inline constexpr uint32_t kParameterCountMax = 1000;

}  // namespace vitrine::dotnet
