// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "formats/pe/pe.h"

namespace vitrine::pe {

// Where the linker left the debugging symbols, from the first CodeView record
// of the debug directory. A view of the image.
std::optional<std::string_view> PdbPath(const Image& image);

}  // namespace vitrine::pe
