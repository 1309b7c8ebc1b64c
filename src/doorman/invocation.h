// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "doorman/settings.h"
#include "model/scan_options.h"
#include "scan/scanner_pool.h"

namespace vitrine::doorman {

// All that the program was told: vitrine.toml first, then the command line.
struct Invocation {
  Settings settings;
  ScanOptions options;
  std::string database;            // A .vdb.
  std::vector<std::string> rules;  // Instead of it: compiled by `vitrine`.
  std::string scanner_program;     // Path of vitrine-scanner.
  std::string vitrine_program;     // Path of vitrine, for `rules`.
  std::string user;                // To become, where root starts us.
  unsigned scanners = 1;           // At work at one time.
  scan::Bounds bounds;             // Of the scanners.
  bool require_full_cage = false;
  enum class Show : uint8_t { kNothing, kHelp, kVersion };
  Show show = Show::kNothing;  // And end.
};

// `own_folder` is where the other programs are looked for.
Result<Invocation> ReadInvocation(std::span<const std::string> arguments,
                                  const std::string& own_folder);

extern const char kUsage[];

}  // namespace vitrine::doorman
