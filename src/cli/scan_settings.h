// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/walk_options.h"
#include "model/scan_options.h"

namespace vitrine::cli {

// Everything that `--opt` can change.
struct ScanSettings {
  ScanOptions scan;
  WalkOptions walk;
  // Words to the user: options of clamscan that change nothing here.
  std::vector<std::string> notes;
};

// Applies one "NAME=VALUE", or "NAME" for "NAME=yes"; names are clamscan's long
// options, without the dashes. kInvalid says what is wrong, with the names that
// were perhaps meant.
Status ApplyOption(std::string_view argument, ScanSettings& settings);

}  // namespace vitrine::cli
