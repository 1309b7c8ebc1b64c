// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace vitrine::cli::publish {

// What a parsed command line asks for; gives the exit status: 0 done, 1 it was
// refused or failed, 2 it was asked wrongly.
using Run = std::function<int()>;

// One a subcommand, each in a file of its own: declares the command to `app`,
// and on being parsed puts what it does into `run`, which is called after the
// parsing. `app` and `run` outlive it. A new command is a line here, one in
// app.cc, and its file.
void DeclareBundle(CLI::App& app, Run& run);
void DeclareCompile(CLI::App& app, Run& run);
void DeclareFsck(CLI::App& app, Run& run);
void DeclareImport(CLI::App& app, Run& run);
void DeclareInit(CLI::App& app, Run& run);
void DeclareKey(CLI::App& app, Run& run);
void DeclareLog(CLI::App& app, Run& run);
void DeclareMirror(CLI::App& app, Run& run);
void DeclareMonitor(CLI::App& app, Run& run);
void DeclareQuickstart(CLI::App& app, Run& run);
void DeclareRenew(CLI::App& app, Run& run);
void DeclareSign(CLI::App& app, Run& run);
void DeclareWitness(CLI::App& app, Run& run);

}  // namespace vitrine::cli::publish
