// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/file_type.h"

namespace vitrine::detect {

// Whether `type` is one that FindEmbedded() reports.
bool IsEmbeddedKind(FileType type);

}  // namespace vitrine::detect
