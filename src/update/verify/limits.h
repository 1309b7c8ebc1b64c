// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::update {

// A database, packed, or a delta: five times the largest that we know of.
inline constexpr uint64_t kPackedSizeMax = uint64_t{512} << 20;

// A bundle: a database, its log of ten years, and metadata.
inline constexpr uint64_t kBundleSizeMax = uint64_t{1} << 30;

// Entries looked through for the one that names a database: db's metadata is
// signed anew daily at most while its content stays.
inline constexpr size_t kEntriesBackMax = 256;

// Lines of a file of versions that are held: one a role.
inline constexpr size_t kHeldSizeMax = 4096;

// Bytes of a change list that is kept for people to read.
inline constexpr size_t kChangesKeptMax = size_t{64} << 20;

// A compressed database as a multiple of what it unpacks to is below 1; this
// much more is refused before it is fetched.
inline constexpr uint64_t kPackedSlack = 4096;

}  // namespace vitrine::update
