// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::publisher {

// Bytes of a manifest, and its blocks. One of ten thousand rules with reasons
// of their own has 2 MB. More is refused.
inline constexpr size_t kManifestSizeMax = size_t{64} << 20;
inline constexpr size_t kManifestBlocksMax = 200'000;

// A file of a source tree, and all of them together: what one archive holds.
// Beyond: refused.
inline constexpr uint64_t kSourceSizeMax = uint64_t{1} << 30;

// A file that is imported. Event exports of years have 100 MB. Beyond: refused.
inline constexpr uint64_t kImportSizeMax = uint64_t{512} << 20;

// Folders of an imported or a source tree within folders. Beyond: refused.
inline constexpr int kTreeDepthMax = 15;

// Digests in one pattern of an indicator. Real ones have three. Beyond: the
// indicator is left out, with a message.
inline constexpr size_t kPatternDigestsMax = 1000;

// Messages of one import that are kept; later ones are only counted.
inline constexpr size_t kImportMessagesMax = 1000;

}  // namespace vitrine::publisher
