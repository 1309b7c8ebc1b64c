// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace vitrine {

// Makes `path` hold `bytes`: by a file beside it, synced and renamed, so that a
// reader or a power cut sees the old file or the new one, never a part. kInvalid
// where a folder, device, pipe or socket stands there.
Status WriteFileAtomically(const std::string& path, Bytes bytes);

}  // namespace vitrine
