// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/clamav/ignore_list.h"
#include "engine/clamav/macro_groups.h"
#include "engine/ir/program.h"

// Reads the text databases of the ClamAV family into an ir::Program.
namespace vitrine::engine::clamav {

// What a file's extension says of it.
enum class FileKind : uint8_t {
  kLines,    // One signature a line: for ReadFile().
  kIgnores,  // The same; what it says holds for files read later.
  kYara,
  kContainer,  // .cvd .cld .cud
  kUnwanted,   // Known, but not read by us: bytecode, lists inside containers.
};

struct Extension {
  std::string_view name;  // "ndb"
  FileKind kind;
  bool pua;  // Read only with detect_pua.
};

// By the name of a file, in any case; null for what is no database.
const Extension* ExtensionOf(std::string_view file_name);

// What one file leaves for those read after it.
struct ReadState {
  IgnoreList ignored;
  MacroGroups macros;  // To be resolved when all files were read.
};

struct ReadResult {
  size_t taken = 0;
  size_t refused = 0;
};

// Reads `text`, a file with an extension of kLines or kIgnores that the program
// knows as files[file]. Lines that are refused go to program.diagnostics, each
// with `path` as its file; with `stop_at_first`, as clamscan does, the rest
// of the file is not read. What was taken before stays.
ReadResult ReadFile(const Extension& extension, std::string_view path,
                    uint32_t file, std::string_view text, bool stop_at_first,
                    ReadState& state, ir::Program& program);

}  // namespace vitrine::engine::clamav
