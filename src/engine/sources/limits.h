// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::engine::sources {

// Files of one load. Beyond: the rest is not read, and the load is refused.
inline constexpr size_t kFilesMax = 1'000'000;

// Folders within folders. Beyond: not entered, with a warning.
inline constexpr int kFolderDepthMax = 15;

// One database. The largest official one unpacks to 300 MB; what is larger
// was not meant for us. Beyond: refused.
inline constexpr uint64_t kFileSizeMax = uint64_t{4} << 30;

// One included YARA source. Beyond: as if it were not there.
inline constexpr uint64_t kIncludeSizeMax = uint64_t{64} << 20;

// All databases of one container, unpacked. Beyond: refused.
inline constexpr uint64_t kContainerSizeMax = uint64_t{4} << 30;

// Members of one container. The official ones have 40. Beyond: refused.
inline constexpr size_t kMembersMax = 4096;

// Bytes of a .sign file. A signature has 3 KiB. Beyond: refused.
inline constexpr uint64_t kSignatureSizeMax = uint64_t{1} << 20;

}  // namespace vitrine::engine::sources
