// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "config/paths.h"
#include "config/tree.h"

namespace vitrine::config {

// Reads a configuration. Every mistake but those behind one in the grammar is
// in `problems`, by line; where there are any, what is returned must not be
// used.
Config ReadConfig(std::string_view text, std::vector<Problem>& problems);

// "FILE:LINE: message" a line, no newline at the end.
std::string Describe(const std::string& file,
                     const std::vector<Problem>& problems);

// The configuration of an installation; the defaults where it has no file.
// kInvalid with all problems in the message, as Describe gives them; kDenied
// where `trusted_owner` is not that of the file (or root), or somebody else may
// write it: who writes this file decides what is protected.
Result<Config> LoadConfig(const Paths& paths, unsigned trusted_owner);

}  // namespace vitrine::config
