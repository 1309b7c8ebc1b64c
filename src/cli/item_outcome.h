// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "cli/outcome.h"
#include "cli/walker.h"

namespace vitrine::cli {

// The outcome of an item that holds nothing to scan; nullopt for a file or
// standard input.
std::optional<Outcome> OutcomeWithoutScan(const WalkItem& item);

// Of one that could not be looked at.
Outcome FailedOutcome(const WalkItem& item, std::string message);

}  // namespace vitrine::cli
