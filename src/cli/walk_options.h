// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/limits.h"

namespace vitrine::cli {

// How folders are walked.
struct WalkOptions {
  uint32_t depth_max = kFolderDepth;
  bool cross_file_systems = true;
  // POSIX extended regular expressions, looked for anywhere in the path, as
  // clamscan does. An empty include list includes everything.
  std::vector<std::string> exclude;
  std::vector<std::string> exclude_folder;
  std::vector<std::string> include;
  std::vector<std::string> include_folder;
};

}  // namespace vitrine::cli
