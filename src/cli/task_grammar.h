// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/arguments.h"

namespace CLI {
class App;
}

namespace vitrine::cli {

// Declares `task` and its verbs, and where their arguments go. The command is
// `app`'s.
CLI::App* DeclareTask(CLI::App& app, TaskArguments& arguments);

}  // namespace vitrine::cli
