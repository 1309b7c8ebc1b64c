// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/bytes.h"
#include "formats/file_type.h"

namespace vitrine::detect {

// By the bytes a format has at its very start.
std::optional<FileType> TypeByStart(Bytes bytes);

// By bytes farther in: tar, disk images, file systems, installers' data, and
// formats that allow for junk before them.
std::optional<FileType> TypeByInside(Bytes bytes);

}  // namespace vitrine::detect
