// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/arguments.h"

namespace CLI {
class App;
}

namespace vitrine::cli {

// Declare the commands that look at what was recorded and taken, and where
// their arguments go. The command is `app`'s.
CLI::App* DeclareEvents(CLI::App& app, EventsArguments& arguments);
CLI::App* DeclareLedger(CLI::App& app, LedgerArguments& arguments);
CLI::App* DeclareQuarantine(CLI::App& app, QuarantineArguments& arguments);

}  // namespace vitrine::cli
