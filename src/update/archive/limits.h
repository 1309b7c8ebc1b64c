// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::update {

// Bytes of an archive: a bundle of a log of ten years, several databases and
// their sources has under 1 GiB. More is refused.
inline constexpr uint64_t kArchiveSizeMax = uint64_t{4} << 30;

// Files in one. A log of a million entries has 8,000 tiles. More is refused.
inline constexpr size_t kArchiveMembersMax = 1'000'000;

// Bytes of a name: what the format's two fields hold.
inline constexpr size_t kArchiveNameMax = 255;

}  // namespace vitrine::update
