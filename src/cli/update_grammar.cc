// SPDX-License-Identifier: Apache-2.0
#include "cli/update_grammar.h"

#include <CLI/CLI.hpp>

namespace vitrine::cli {
namespace {

void AddRoot(CLI::App& command, std::string& root) {
  command
      .add_option("--root", root,
                  "The installation below this folder, not the machine's")
      ->type_name("DIR");
}

CLI::App& AddTrustVerb(CLI::App& parent, TrustArguments& arguments,
                       TrustArguments::Verb verb, const char* name,
                       const char* description) {
  auto& command = *parent.add_subcommand(name, description);
  command.callback([&arguments, verb] { arguments.verb = verb; });
  AddRoot(command, arguments.root);
  return command;
}

}  // namespace

CLI::App* DeclareUpdate(CLI::App& app, UpdateArguments& arguments) {
  using Verb = UpdateArguments::Verb;
  auto& command = *app.add_subcommand(
      "update", "Take a new database, once it is proven to be everybody's");
  command.require_subcommand(0, 1);
  AddRoot(command, arguments.root);
  command
      .add_option("--channel", arguments.channel, "Whose databases; else main")
      ->type_name("NAME");
  command.add_flag("--check", arguments.check, "Look, and take nothing");
  command
      .add_option("--from", arguments.from,
                  "Out of a bundle, without a network")
      ->type_name("BUNDLE");
  command.add_flag("--hold", arguments.hold, "Take nothing from now on");
  command.add_flag("--follow", arguments.follow,
                   "Take the newest again, after --hold, --pin or --rollback");
  command.add_option("--pin", arguments.pin, "Take this release and no other")
      ->type_name("RELEASE");
  command
      .add_option("--min-age", arguments.min_age,
                  "Public for at least so long: 15m, 2h, 3d")
      ->type_name("TIME");
  command
      .add_option("--rollback", arguments.rollback,
                  "Back to a release that is kept, and stay there")
      ->type_name("RELEASE");
  auto& show = *command.add_subcommand("show", "What a kept release changed");
  show.callback([&arguments] { arguments.verb = Verb::kShow; });
  AddRoot(show, arguments.root);
  show.add_option("RELEASE", arguments.release, "Else the one in use");
  auto& prove = *command.add_subcommand(
      "prove", "What was verified of the database in use, and how to check it");
  prove.callback([&arguments] { arguments.verb = Verb::kProve; });
  AddRoot(prove, arguments.root);
  return &command;
}

CLI::App* DeclareTrust(CLI::App& app, TrustArguments& arguments) {
  using Verb = TrustArguments::Verb;
  auto& command = *app.add_subcommand(
      "trust", "Whom this machine believes of databases, and how far");
  command.require_subcommand(1);
  AddTrustVerb(command, arguments, Verb::kShow, "show", "The trust file");
  auto& init = AddTrustVerb(command, arguments, Verb::kInit, "init",
                            "Begin with a publisher's trust file, or your own");
  init.add_option("FILE", arguments.file, "The trust file")->required();
  init.add_flag("--replace", arguments.replace,
                "Instead of the present one, and of all that is known by it");
  auto& add = AddTrustVerb(command, arguments, Verb::kAdd, "add",
                           "Ask for the cosignature of one more witness");
  add.add_option("NAME", arguments.name, "What to call it")->required();
  add.add_option("KEY", arguments.key, "Its verifier key: name+id+key")
      ->required();
  auto& tighten = AddTrustVerb(
      command, arguments, Verb::kTighten, "tighten",
      "Take a trust file that believes nothing more than this one");
  tighten.add_option("FILE", arguments.file, "The stricter one")->required();
  return &command;
}

}  // namespace vitrine::cli
