// SPDX-License-Identifier: Apache-2.0
// vitrine-publish import: fills a source tree from what others publish.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/publish/commands.h"
#include "cli/publish/report.h"
#include "publisher/sources/hash_list.h"
#include "publisher/sources/import.h"
#include "publisher/sources/source_tree.h"
#include "update/release/changes.h"
#include "update/release/limits.h"

namespace vitrine::cli::publish {
namespace {

using publisher::Imported;
using publisher::SourceTree;

struct Arguments {
  std::string kind;
  std::string from;
  std::string into;
  std::string as;
  std::string channel = "main";
  publisher::Attribution attribution = {"", "NOASSERTION", ""};
};

Result<Imported> Read(const Arguments& arguments) {
  const std::string name = publisher::StemOf(arguments.from);
  if (arguments.kind == "clamav") {
    return publisher::ImportClamav(arguments.from);
  }
  if (arguments.kind == "yara") return publisher::ImportYara(arguments.from);
  if (arguments.kind == "csv")
    return publisher::ImportCsv(arguments.from, name);
  if (arguments.kind == "misp") {
    return publisher::ImportMisp(arguments.from, name);
  }
  return publisher::ImportStix(arguments.from, name);
}

Status Import(Arguments arguments) {
  Imported imported = TRY(Read(arguments));
  auto tree = SourceTree::Open(arguments.into);
  if (!tree.ok() && tree.error().code == Code::kNotFound) {
    tree = SourceTree::Create(arguments.into, arguments.channel);
  }
  if (!tree.ok()) return tree.error();
  if (arguments.as.empty()) {
    arguments.as = publisher::StemOf(arguments.from);
  }
  publisher::Attribution& who = arguments.attribution;
  if (who.author.empty()) who.author = "imported";
  if (who.reason.empty()) who.reason = "Imported: " + imported.origin;
  who.author = update::SingleLine(who.author, update::kAuthorMax);
  who.licence = update::SingleLine(who.licence, update::kAuthorMax);
  who.reason = update::SingleLine(who.reason, update::kReasonMax);
  const size_t files = imported.files.size();
  TRY(tree.value().Replace(publisher::kSignaturesFolder + arguments.as + "/",
                           std::move(imported.files), who));
  for (const std::string& message : imported.messages) {
    std::fprintf(stderr, "vitrine-publish: left out: %s\n", message.c_str());
  }
  if (imported.left_out > imported.messages.size()) {
    std::fprintf(stderr, "vitrine-publish: and %zu more\n",
                 imported.left_out - imported.messages.size());
  }
  std::printf("%s: %zu files, %zu entries taken, %zu left out\n",
              arguments.as.c_str(), files, imported.entries, imported.left_out);
  return Ok();
}

}  // namespace

void DeclareImport(CLI::App& app, Run& run) {
  auto& command = *app.add_subcommand(
      "import", "Fill a source tree from what others publish");
  const auto arguments = std::make_shared<Arguments>();
  command.add_option("KIND", arguments->kind, "clamav, yara, csv, misp, stix")
      ->required()
      ->check(CLI::IsMember({"clamav", "yara", "csv", "misp", "stix"}));
  command.add_option("FROM", arguments->from, "A folder, or a file of digests")
      ->required();
  command.add_option("--into", arguments->into, "The source tree")
      ->type_name("DIR")
      ->required();
  command.add_option("--as", arguments->as,
                     "Folder in it; what it holds is replaced");
  command.add_option("--channel", arguments->channel, "Of a new tree")
      ->capture_default_str();
  command.add_option("--author", arguments->attribution.author,
                     "Who answers for them");
  command.add_option("--licence", arguments->attribution.licence,
                     "An SPDX expression");
  command.add_option("--reason", arguments->attribution.reason,
                     "Why they change");
  command.callback([&run, arguments] {
    run = [arguments] {
      const Status status = Import(*arguments);
      return status.ok() ? 0 : Failed(status.error());
    };
  });
}

}  // namespace vitrine::cli::publish
