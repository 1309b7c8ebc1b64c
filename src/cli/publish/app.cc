// SPDX-License-Identifier: Apache-2.0
#include "cli/publish/app.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/publish/commands.h"

namespace vitrine::cli::publish {

int RunPublish(int argc, const char* const* argv) {
  CLI::App app("Publishes databases that nobody can aim");
  app.name("vitrine-publish");
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "Help for all commands");
  app.set_version_flag("--version", "vitrine-publish " VITRINE_VERSION);
  Run run;
  DeclareQuickstart(app, run);
  DeclareInit(app, run);
  DeclareKey(app, run);
  DeclareImport(app, run);
  DeclareCompile(app, run);
  DeclareRenew(app, run);
  DeclareSign(app, run);
  DeclareLog(app, run);
  DeclareMirror(app, run);
  DeclareMonitor(app, run);
  DeclareFsck(app, run);
  DeclareBundle(app, run);
  DeclareWitness(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error, std::cout, std::cerr);
    return status == 0 ? 0 : 2;
  }
  return run();
}

}  // namespace vitrine::cli::publish
