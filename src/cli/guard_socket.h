// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"

namespace vitrine::cli {

// Asks the guard of the installation below `root` one line, and returns its
// whole answer. kNotFound where none listens, kDeadline where it does not
// answer in time.
Result<std::string> AskGuard(const std::string& root,
                             const std::string& request);
// The same of vitrine-tasker.
Result<std::string> AskTasker(const std::string& root,
                              const std::string& request);

}  // namespace vitrine::cli
