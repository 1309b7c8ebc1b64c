// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vitrine::quarantine {

// Bytes of content in one sealed chunk: all that is held of a file of any size.
inline constexpr size_t kChunkSize = 256 * 1024;

// Sealed metadata of one item; a reader takes more for damage. A path and 1 MiB
// of attributes fit.
inline constexpr uint32_t kMetadataMax = 2 * 1024 * 1024;

// Extended attributes kept of one file, their number and bytes together; Linux
// itself has 64 KiB for the list of names and 64 KiB a value. What is beyond is
// left out, and the item says so.
inline constexpr size_t kAttributesMax = 256;
inline constexpr size_t kAttributeBytesMax = 1024 * 1024;

// A path as long as the kernel gives one, and rule names of one item.
inline constexpr size_t kPathMax = 4096;
inline constexpr size_t kRulesMax = 64;
inline constexpr size_t kRuleNameMax = 1024;

// Larger files are kept without their digest: the holes of a sparse file of
// terabytes cost nothing to store and hours to hash. Such an item cannot be
// trusted by content.
inline constexpr uint64_t kDigestSizeMax = uint64_t{16} << 30;

// How often a file that is being renamed is looked for anew before it is left
// where it is.
inline constexpr int kPathTries = 3;

// How often an item that another program is at is tried, and how long apart:
// one second together, longer than a listing takes.
inline constexpr int kLockTries = 20;
inline constexpr std::chrono::milliseconds kLockPause{50};

// Names looked at in the store's folder. A store beyond it still works; the
// listing says that it is not whole.
inline constexpr size_t kItemsMax = 1'000'000;

// Entries of the list of trusted content; each found file is held against it.
inline constexpr size_t kTrustedMax = 10'000;
inline constexpr size_t kTrustedBytesMax = size_t{16} << 20;

}  // namespace vitrine::quarantine
