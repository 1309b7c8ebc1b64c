// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "formats/file_type.h"

namespace vitrine::image {

// Why a GIF, JPEG, PNG or TIFF is not as its format wants it, as the last words
// of ClamAV's alert: what follows "Heuristics.Broken.Media."
// ("PNG.EOFReadingChunk"). nullopt for a sound image and for other types.
std::optional<std::string> BrokenReason(Bytes image, FileType type);

}  // namespace vitrine::image
