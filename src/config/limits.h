// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::config {

// A configuration of a megabyte was not written by a person. Refused above it.
inline constexpr size_t kFileSizeMax = size_t{1} << 20;

// Tables in tables: ours need three. What lies deeper is an error.
inline constexpr int kDepthMax = 8;

// Entries of one list (masks, paths). Each open of a file is held against all
// masks, so that a longer list is a slow machine. An error above it.
inline constexpr size_t kListMax = 1024;

// Bytes of one string; as long as a path can be (PATH_MAX). An error above it.
inline constexpr size_t kStringMax = 4096;

// Mistakes reported from one file; the rest is counted.
inline constexpr size_t kProblemsMax = 100;

// Groups of stars in one mask: each keeps more places of the mask alive at
// every byte of a name, and nobody needs more. An error above it.
inline constexpr size_t kStarsMax = 8;

}  // namespace vitrine::config
