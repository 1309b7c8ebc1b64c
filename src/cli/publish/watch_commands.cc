// SPDX-License-Identifier: Apache-2.0
// vitrine-publish mirror, monitor, fsck, bundle: what others, or we, make of
// what is published.
#include <CLI/CLI.hpp>
#include <memory>

#include "base/atomic_file.h"
#include "cli/publish/commands.h"
#include "cli/publish/report.h"
#include "publisher/site/bundle.h"
#include "publisher/site/mirror.h"
#include "publisher/site/publish.h"

namespace vitrine::cli::publish {
namespace {

struct Arguments {
  std::string from;
  std::string folder;
  std::string policy;
  std::string output;
  bool no_rebuild = false;
  publisher::BundleOptions bundle;
};

// 0: all is explained; 1: an alarm.
int Tell(const publisher::AuditReport& report) {
  for (const std::string& line : report.lines) std::puts(line.c_str());
  for (const std::string& alarm : report.alarms) {
    std::printf("ALARM %s\n", alarm.c_str());
  }
  std::printf("%llu entries, root %s, %zu alarms\n",
              static_cast<unsigned long long>(report.size),
              tlog::HashText(report.root).c_str(), report.alarms.size());
  return report.alarms.empty() ? 0 : 1;
}

int RunMirror(const Arguments& arguments) {
  const auto policy = publisher::ReadPolicy(arguments.policy);
  if (!policy.ok()) return Failed(policy.error());
  const auto report = publisher::CopySite(
      {arguments.from, arguments.folder, policy.value(), ""});
  return report.ok() ? Tell(report.value()) : Failed(report.error());
}

int RunMonitor(const Arguments& arguments) {
  const auto policy = publisher::ReadPolicy(arguments.policy);
  if (!policy.ok()) return Failed(policy.error());
  const auto source = publisher::OpenSite(arguments.from);
  if (!source.ok()) return Failed(source.error());
  const std::string state_path = arguments.folder + "/audited";
  const auto state = publisher::ReadAuditState(state_path);
  if (!state.ok()) return Failed(state.error());
  publisher::AuditOptions options;
  options.policy = policy.value();
  options.known_size = state.value().size;
  options.known_root = state.value().root;
  options.rebuild = !arguments.no_rebuild;
  options.scratch = arguments.folder + "/scratch";
  const auto report = publisher::Audit(*source.value(), options);
  if (!report.ok()) {
    // A fork or a withheld log is what a monitor is for.
    std::printf("ALARM %s\n", report.error().message.c_str());
    return 1;
  }
  const int status = Tell(report.value());
  if (status != 0) return status;
  const Status kept = publisher::WriteAuditState(
      state_path, {report.value().size, report.value().root});
  return kept.ok() ? 0 : Failed(kept.error());
}

int RunFsck(const Arguments& arguments) {
  const auto policy = publisher::ReadPolicy(arguments.policy);
  if (!policy.ok()) return Failed(policy.error());
  const auto source = publisher::OpenSite(arguments.from);
  if (!source.ok()) return Failed(source.error());
  publisher::AuditOptions options;
  options.policy = policy.value();
  const auto report = publisher::Audit(*source.value(), options);
  return report.ok() ? Tell(report.value()) : Failed(report.error());
}

int RunBundle(const Arguments& arguments) {
  const auto bundle = publisher::MakeBundle(arguments.from, arguments.bundle);
  if (!bundle.ok()) return Failed(bundle.error());
  const Status written = WriteFileAtomically(arguments.output, bundle.value());
  if (!written.ok()) return Failed(written.error());
  std::printf("%s: %zu bytes\n", arguments.output.c_str(),
              bundle.value().size());
  return 0;
}

void AddPolicy(CLI::App& command, Arguments& arguments) {
  command
      .add_option("--policy", arguments.policy,
                  "Whom to believe: a tlog-policy")
      ->type_name("FILE")
      ->required();
}

void OnParsed(CLI::App& command, Run& run,
              const std::shared_ptr<Arguments>& arguments,
              int (*function)(const Arguments&)) {
  command.callback([&run, arguments, function] {
    run = [arguments, function] { return function(*arguments); };
  });
}

}  // namespace

void DeclareMirror(CLI::App& app, Run& run) {
  auto& command = *app.add_subcommand(
      "mirror", "Copy all that is public to DIR/site, each file verified");
  const auto arguments = std::make_shared<Arguments>();
  command.add_option("FROM", arguments->from, "A URL or a folder")->required();
  command.add_option("DIR", arguments->folder, "The mirror's folder")
      ->required();
  AddPolicy(command, *arguments);
  OnParsed(command, run, arguments, RunMirror);
}

void DeclareMonitor(CLI::App& app, Run& run) {
  auto& command = *app.add_subcommand(
      "monitor",
      "Follow a log, make its databases again, and alarm (status 1) on "
      "anything that is not explained");
  const auto arguments = std::make_shared<Arguments>();
  command.add_option("FROM", arguments->from, "A URL or a folder")->required();
  command.add_option("DIR", arguments->folder, "What it remembers")->required();
  AddPolicy(command, *arguments);
  command.add_flag("--no-rebuild", arguments->no_rebuild,
                   "Do not compile the sources");
  OnParsed(command, run, arguments, RunMonitor);
}

void DeclareFsck(CLI::App& app, Run& run) {
  auto& command = *app.add_subcommand(
      "fsck", "Check a published folder whole, from the first entry");
  const auto arguments = std::make_shared<Arguments>();
  command.add_option("SITE", arguments->from, "The folder that is served")
      ->required();
  AddPolicy(command, *arguments);
  OnParsed(command, run, arguments, RunFsck);
}

void DeclareBundle(CLI::App& app, Run& run) {
  auto& command = *app.add_subcommand(
      "bundle", "One archive for machines without a network");
  const auto arguments = std::make_shared<Arguments>();
  command.add_option("SITE", arguments->from, "The folder that is served")
      ->required();
  command.add_option("-o,--output", arguments->output, "The archive")
      ->type_name("FILE")
      ->required();
  command.add_flag("--sources", arguments->bundle.sources,
                   "With what databases were made of");
  command.add_flag("--deltas", arguments->bundle.deltas, "With deltas");
  OnParsed(command, run, arguments, RunBundle);
}

}  // namespace vitrine::cli::publish
