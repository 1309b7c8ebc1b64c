// SPDX-License-Identifier: Apache-2.0
// vitrine-publish compile, renew, sign, log, key: the way of a release.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/publish/commands.h"
#include "cli/publish/report.h"
#include "cli/publish/steps.h"
#include "publisher/site/ceremony.h"
#include "publisher/site/renew.h"

namespace vitrine::cli::publish {
namespace {

int Ended(const Status& status) {
  return status.ok() ? 0 : Failed(status.error());
}

CLI::Option* AddHome(CLI::App& command, std::string& home) {
  return command.add_option("DIR", home, "The publisher's folder")->required();
}

}  // namespace

void DeclareCompile(CLI::App& app, Run& run) {
  struct Arguments {
    publisher::Places places;
    CompileChoices choices;
  };
  auto& command = *app.add_subcommand(
      "compile", "Make the next release of DIR/sources and stage it");
  const auto arguments = std::make_shared<Arguments>();
  AddHome(command, arguments->places.home);
  command
      .add_option("--known-good", arguments->choices.known_good,
                  "Files that it must not hit")
      ->type_name("PATH")
      ->allow_extra_args(false);
  command.add_flag("--allow-errors", arguments->choices.allow_errors,
                   "Leave out lines that cannot be taken");
  command
      .add_option("--allow-most", arguments->choices.allowed_most,
                  "Refuse more new entries than this that suppress detections")
      ->type_name("N");
  command.callback([&run, arguments] {
    run = [arguments] {
      return Ended(CompileStep(arguments->places, arguments->choices));
    };
  });
}

void DeclareRenew(CLI::App& app, Run& run) {
  struct Arguments {
    publisher::Places places;
    std::vector<std::string> roles;
  };
  auto& command = *app.add_subcommand(
      "renew", "Stage root, targets or policy as it is, with a later expiry");
  const auto arguments = std::make_shared<Arguments>();
  AddHome(command, arguments->places.home);
  command.add_option("ROLE", arguments->roles, "root, targets, policy")
      ->required()
      ->check(CLI::IsMember({"root", "targets", "policy"}));
  command.callback([&run, arguments] {
    run = [arguments]() -> int {
      for (const std::string& role : arguments->roles) {
        const Status staged = publisher::Renew(arguments->places, role, Now());
        if (!staged.ok()) return Failed(staged.error());
        std::printf("%s: staged, to be signed\n", role.c_str());
      }
      return 0;
    };
  });
}

void DeclareSign(CLI::App& app, Run& run) {
  struct Arguments {
    publisher::Places places;
    std::vector<std::string> keys;
  };
  auto& command = *app.add_subcommand(
      "sign", "Sign what is staged: each holder of a key by itself");
  const auto arguments = std::make_shared<Arguments>();
  AddHome(command, arguments->places.home);
  command.add_option("--key", arguments->keys, "A key file; may be repeated")
      ->type_name("FILE")
      ->required()
      ->allow_extra_args(false);
  command.callback([&run, arguments] {
    run = [arguments] {
      return Ended(SignStep(arguments->places, arguments->keys));
    };
  });
}

void DeclareLog(CLI::App& app, Run& run) {
  struct Arguments {
    publisher::Places places;
    LogChoices choices;
  };
  auto& command = *app.add_subcommand(
      "log",
      "Publish what is staged and signed, after the log and its witnesses; "
      "with nothing staged, renew what must be fresh (hourly)");
  const auto arguments = std::make_shared<Arguments>();
  AddHome(command, arguments->places.home);
  command
      .add_option("--cosignatures", arguments->choices.cosignatures,
                  "Lines that witnesses gave by other ways")
      ->type_name("FILE");
  command.add_flag("--without-quorum", arguments->choices.force,
                   "Publish all the same; no client will take it");
  command.callback([&run, arguments] {
    run = [arguments] {
      return Ended(LogStep(arguments->places, arguments->choices));
    };
  });
}

void DeclareKey(CLI::App& app, Run& run) {
  struct Arguments {
    std::string path;
    std::string side;
  };
  auto& command = *app.add_subcommand("key", "Make a key of a person");
  const auto arguments = std::make_shared<Arguments>();
  command.add_option("FILE", arguments->path, "A new file")->required();
  command.add_option("--side", arguments->side, "vendor or outside")
      ->required()
      ->check(CLI::IsMember({"vendor", "outside"}));
  command.callback([&run, arguments] {
    run = [arguments] {
      const auto signer = publisher::MakePersonKey(
          arguments->path, arguments->side == "vendor" ? tuf::Side::kVendor
                                                       : tuf::Side::kOutside);
      if (!signer.ok()) return Failed(signer.error());
      std::puts(signer.value().key().id().c_str());
      return 0;
    };
  });
}

}  // namespace vitrine::cli::publish
