// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/arguments.h"

namespace CLI {
class App;
}

// The command line of `update` and `trust`, declared to CLI11.
namespace vitrine::cli {

CLI::App* DeclareUpdate(CLI::App& app, UpdateArguments& arguments);
CLI::App* DeclareTrust(CLI::App& app, TrustArguments& arguments);

}  // namespace vitrine::cli
