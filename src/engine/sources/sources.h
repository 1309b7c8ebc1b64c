// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/ir/program.h"
#include "engine/yara/yara.h"

// Signature sources on disk: which front end reads which file, in which order.
namespace vitrine::engine::sources {

struct LoadOptions {
  // As clamscan loads: one bad line refuses the set, and .yar files are read in
  // ClamAV's dialect. Otherwise a bad line is reported and skipped alone.
  bool strict = false;
  bool detect_pua = false;
  // Containers (.cvd .cld .cud) that nothing vouches for are refused unless
  // their path is named here.
  std::vector<std::string> unverified_allowed;
  std::string certificates_folder;  // For .cvd.sign; empty: none.
  yara::Externals externals;
};

// Reads `paths` (files, or folders whose files are read by rising name, ign
// files first) into one program. kInvalid: nothing could be read, or `strict`
// and something was wrong; program.diagnostics says what.
struct Loaded {
  ir::Program program;
  bool refused = false;  // As kInvalid above; the diagnostics say why.
};
Loaded Load(const std::vector<std::string>& paths, const LoadOptions& options);

}  // namespace vitrine::engine::sources
