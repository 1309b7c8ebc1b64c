// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/scan/scanner.h"

namespace vitrine::cli {

// Adds `more` (one worker's) to `sum`, by name.
void MergeProfile(const engine::scan::Profile& more,
                  engine::scan::Profile& sum);

// Two tables for people: the costliest rules and formats.
std::string ProfileText(engine::scan::Profile profile);

}  // namespace vitrine::cli
