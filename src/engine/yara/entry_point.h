// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "engine/object/object.h"

namespace vitrine::engine::yara {

// What the keyword `entrypoint` yields: a file offset, reckoned more simply
// than pe.entry_point is. It knows ELF files and PE files of two machines;
// nullopt for all else. Where no section holds it PE gives the address itself.
std::optional<uint64_t> EntryPointOf(Object& object);

}  // namespace vitrine::engine::yara
