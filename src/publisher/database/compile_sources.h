// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "engine/vdb/database.h"
#include "model/diagnostic.h"

namespace vitrine::publisher {

struct Compiled {
  std::shared_ptr<const engine::vdb::Database> database;
  Diagnostics diagnostics;  // File names are those in the archive.
};

// Compiles the sources in `archive` (SourceTree::Pack()): the same bytes on
// every machine, whatever `scratch` is called, and what
// `vitrine compile --rules signatures` gives in the unpacked archive. `scratch`
// is a folder for the sources and nothing else: whatever lies in it is removed,
// before and after.
// kInvalid where nothing is left to scan with. Lines that cannot be taken are
// left out; diagnostics say which.
Result<Compiled> CompileSources(Bytes archive, const std::string& scratch);

// The recipe that leaves name, and its digest's text.
std::string RecipeText();

// The version of this program, for leaves.
std::string CompilerVersion();

}  // namespace vitrine::publisher
