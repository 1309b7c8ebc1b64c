// SPDX-License-Identifier: Apache-2.0
#include "cli/records_grammar.h"

#include <CLI/CLI.hpp>

namespace vitrine::cli {
namespace {

using Verb = QuarantineArguments::Verb;

void AddRoot(CLI::App& command, std::string& root) {
  command
      .add_option("--root", root,
                  "The installation below this folder, not the machine's")
      ->type_name("DIR");
}

CLI::App& AddVerb(CLI::App& parent, QuarantineArguments& arguments, Verb verb,
                  const char* name, const char* description) {
  auto& command = *parent.add_subcommand(name, description);
  command.callback([&arguments, verb] { arguments.verb = verb; });
  AddRoot(command, arguments.root);
  command.add_flag("--json", arguments.json, "One JSON object a line");
  return command;
}

void AddItems(CLI::App& command, QuarantineArguments& arguments,
              const char* name = "ID") {
  command
      .add_option(name, arguments.items,
                  "An item's id, or the beginning of one")
      ->required();
}

}  // namespace

CLI::App* DeclareEvents(CLI::App& app, EventsArguments& arguments) {
  auto& command = *app.add_subcommand(
      "events", "Show what was found, done and refused on this machine");
  AddRoot(command, arguments.root);
  command.add_flag("--follow", arguments.follow, "Go on as events come");
  command
      .add_option("--since", arguments.since,
                  "15m, 2h, 7d ago; or 2026-11-28, 2026-11-28T06:30, with Z "
                  "for UTC")
      ->type_name("TIME");
  command.add_option("--until", arguments.until, "The same")->type_name("TIME");
  command
      .add_option("--class", arguments.event_class,
                  "file, process, detection, lifecycle, scan, "
                  "file-remediation; or OCSF's number")
      ->type_name("CLASS");
  command
      .add_option("--verdict", arguments.verdict,
                  "clean, found, limited or error")
      ->type_name("VERDICT");
  command
      .add_option("--rule", arguments.rule,
                  "Only events of rules that the mask matches")
      ->type_name("MASK");
  command.add_flag("--json", arguments.json, "OCSF, one JSON object a line");
  command
      .add_option("--limit", arguments.limit,
                  "The newest N; 0 for all; else 100")
      ->type_name("N");
  return &command;
}

CLI::App* DeclareLedger(CLI::App& app, LedgerArguments& arguments) {
  auto& command = *app.add_subcommand(
      "ledger", "Show what this machine sent out, byte by byte");
  AddRoot(command, arguments.root);
  CLI::Option* const follow = command.add_flag("--follow", arguments.follow,
                                               "Go on as requests are made");
  command
      .add_flag("--verify", arguments.verify,
                "Hold its chain to what it says, and say whether it is sound")
      ->excludes(follow);
  command.add_flag("--json", arguments.json, "One JSON object a line");
  return &command;
}

CLI::App* DeclareQuarantine(CLI::App& app, QuarantineArguments& arguments) {
  auto& command = *app.add_subcommand("quarantine",
                                      "See, give back or drop what was taken");
  command.require_subcommand(1);
  AddVerb(command, arguments, Verb::kList, "list", "Oldest first");
  auto& restore =
      AddVerb(command, arguments, Verb::kRestore, "restore",
              "Put a file back as it was, and trust its content from now on");
  AddItems(restore, arguments);
  restore.add_option("--to", arguments.to, "Where to, if not where it lay")
      ->type_name("PATH");
  restore.add_flag("--overwrite", arguments.overwrite,
                   "Replace what stands there");
  restore.add_flag("--keep", arguments.keep,
                   "Leave the item in quarantine too");
  restore.add_flag("--no-trust", arguments.no_trust,
                   "Do not make an exception: it may be taken again at once");
  AddItems(AddVerb(command, arguments, Verb::kDelete, "delete",
                   "Drop an item for good (its bytes are not overwritten)"),
           arguments);
  auto& out = AddVerb(command, arguments, Verb::kExport, "export",
                      "Write the bare content to a file; - is stdout");
  AddItems(out, arguments);
  out.add_option("--to", arguments.to, "Where to; must not exist")
      ->type_name("FILE")
      ->required();
  auto& trust = AddVerb(command, arguments, Verb::kTrust, "trust",
                        "Leave this content alone from now on");
  AddItems(trust, arguments, "ID|FILE");
  trust
      .add_option("--rule", arguments.rules,
                  "Only for rules that the mask matches; else for all")
      ->type_name("MASK");
  return &command;
}

}  // namespace vitrine::cli
