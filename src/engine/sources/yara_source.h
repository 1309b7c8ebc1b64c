// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "engine/ir/program.h"
#include "engine/sources/sources.h"

namespace vitrine::engine::sources {

// Compiles one YARA file, in a namespace of its own. Includes are read
// relative to the file that includes, and only from `root` or below; with an
// empty root they are errors.
void CompileYara(const std::string& path, std::string_view text,
                 const std::string& root, const LoadOptions& options,
                 ir::Program& program);

// `path` without ".", ".." and double slashes, as far as names tell.
std::string Normal(const std::string& path);

}  // namespace vitrine::engine::sources
