// SPDX-License-Identifier: Apache-2.0
#include "cli/task_grammar.h"

#include <CLI/CLI.hpp>

namespace vitrine::cli {
namespace {

using Verb = TaskArguments::Verb;

CLI::App& AddVerb(CLI::App& parent, TaskArguments& arguments, Verb verb,
                  const char* name, const char* description) {
  auto& command = *parent.add_subcommand(name, description);
  command.callback([&arguments, verb] { arguments.verb = verb; });
  command
      .add_option("--root", arguments.root,
                  "The installation below this folder, not the machine's")
      ->type_name("DIR");
  return command;
}

CLI::Option* AddName(CLI::App& command, TaskArguments& arguments) {
  return command.add_option("NAME", arguments.task,
                            "As the configuration names it");
}

void AddJson(CLI::App& command, TaskArguments& arguments) {
  command.add_flag("--json", arguments.json, "One JSON object");
}

}  // namespace

CLI::App* DeclareTask(CLI::App& app, TaskArguments& arguments) {
  auto& command = *app.add_subcommand(
      "task", "See, start, pause and stop the tasks of vitrine-tasker");
  command.require_subcommand(1);
  AddJson(AddVerb(command, arguments, Verb::kList, "list",
                  "All tasks, and when they start next"),
          arguments);
  auto& status = AddVerb(command, arguments, Verb::kStatus, "status",
                         "How far a task is, and how its last run ended");
  AddName(status, arguments);
  AddJson(status, arguments);
  auto& start =
      AddVerb(command, arguments, Verb::kStart, "start", "Start a task now");
  AddName(start, arguments)->required();
  auto& resume = AddVerb(command, arguments, Verb::kResume, "resume",
                         "Go on with a task where it was paused");
  AddName(resume, arguments)->required();
  for (CLI::App* waiting : {&start, &resume}) {
    waiting->add_flag("--wait", arguments.wait,
                      "Until it has ended; the exit status is that of scan");
  }
  AddName(AddVerb(command, arguments, Verb::kPause, "pause",
                  "Pause a task; it keeps its place, over restarts too"),
          arguments)
      ->required();
  AddName(AddVerb(command, arguments, Verb::kStop, "stop",
                  "End a task's run; what it found is in its report"),
          arguments)
      ->required();
  auto& report = AddVerb(command, arguments, Verb::kReport, "report",
                         "Show what a run came upon");
  AddName(report, arguments)->required();
  report
      .add_option("--run", arguments.run,
                  "Which run: its start, as 20261128T093000Z; list for all; "
                  "else the last")
      ->type_name("RUN");
  AddJson(report, arguments);
  AddVerb(command, arguments, Verb::kReload, "reload",
          "Read the configuration again");
  return &command;
}

}  // namespace vitrine::cli
