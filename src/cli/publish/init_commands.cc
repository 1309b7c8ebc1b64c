// SPDX-License-Identifier: Apache-2.0
// vitrine-publish init, quickstart: the beginning of a publisher.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "base/read_file.h"
#include "cli/publish/commands.h"
#include "cli/publish/report.h"
#include "cli/publish/steps.h"
#include "publisher/files/durable_files.h"
#include "publisher/site/ask_witness.h"
#include "publisher/site/ceremony.h"
#include "publisher/site/limits.h"
#include "publisher/sources/import.h"
#include "publisher/sources/source_tree.h"
#include "tuf/limits.h"
#include "update/trust/trust.h"

namespace vitrine::cli::publish {
namespace {

namespace fs = std::filesystem;
using publisher::DurableFiles;
using publisher::Places;

// A client's trust file: how long ago witnesses may have seen the log. The log
// is renewed hourly.
constexpr uint64_t kMaxStale = 86'400;

struct Arguments {
  Places places;
  std::string origin = "updates.example.org/log1";
  std::string policy;
  std::string clamav;
  std::string yara;
};

// Of a key file that a policy is made with.
Result<std::string> LogKeyText(const Places& places,
                               const std::string& origin) {
  const auto signer = TRY(tuf::ReadKeyFile(places.OnlineKey("log")));
  const auto key = TRY(signer.key().Public(tuf::Schemes::kEd25519)).ed25519();
  if (!key) return Error{Code::kInternal, "the log's key is no Ed25519 key"};
  return TRY(tlog::VerifierKey::Make(origin, tlog::KeyKind::kLog, *key)).Text();
}

std::string RecordText(const publisher::Ceremony& ceremony) {
  std::string text;
  for (const std::string& line : ceremony.record) text += line + "\n";
  return text;
}

Status Init(const Arguments& arguments) {
  const Places& places = arguments.places;
  const publisher::CeremonyOptions options = {arguments.origin, Now()};
  const auto ceremony = TRY(publisher::MakeKeys(places, options));
  const std::string record = RecordText(ceremony);
  TRY(DurableFiles().Write(places.Ceremony(), AsBytes(record)));
  std::fputs(record.c_str(), stdout);
  std::string policy =
      "log " + TRY(LogKeyText(places, arguments.origin)) + "\n";
  if (arguments.policy.empty()) {
    policy += "quorum none\n";
    std::puts("the policy has no witnesses yet: edit tlog-policy before `log`");
  } else {
    policy += AsText(TRY(ReadFile(arguments.policy, publisher::kTextMax)));
  }
  TRY(DurableFiles().Write(places.Policy(), AsBytes(policy)));
  return publisher::StageFirst(places, options);
}

// Two witnesses and a mirror on this machine: whoever has it has them all.
Result<std::string> MakeNeighbours(const Places& places,
                                   const std::string& log_key) {
  std::error_code error;
  const std::string home = fs::absolute(places.home, error).string();
  std::string text;
  for (const char* name : {"witness1", "witness2", "mirror"}) {
    const std::string folder = home + "/" + name;
    TRY(publisher::MakeLocalWitness(folder, std::string(name) + ".localhost",
                                    log_key));
    if (std::string_view(name) == "mirror") {
      TRY(DurableFiles().Write(folder + "/mirror", {}));
    }
    text += "witness " + std::string(name) + " " +
            TRY(publisher::LocalWitnessKey(folder)) + " file:" + folder + "\n";
  }
  return text + "group W 2 witness1 witness2\ngroup Q all W mirror\nquorum Q\n";
}

Status FillSources(const Arguments& arguments) {
  auto tree =
      TRY(publisher::SourceTree::Create(arguments.places.Sources(), "main"));
  const auto add = [&](const char* as, publisher::Imported imported) {
    return tree.Replace(
        std::string(publisher::kSignaturesFolder) + as + "/",
        std::move(imported.files),
        {"imported", "NOASSERTION", "Imported: " + imported.origin});
  };
  if (!arguments.clamav.empty()) {
    auto imported = TRY(publisher::ImportClamav(arguments.clamav));
    TRY(add("clamav", std::move(imported)));
  }
  if (!arguments.yara.empty()) {
    auto imported = TRY(publisher::ImportYara(arguments.yara));
    TRY(add("yara", std::move(imported)));
  }
  if (!tree.manifest().blocks.empty()) return Ok();
  publisher::Imported example;
  example.origin = "an example to be replaced";
  example.files = {{"example.yar",
                    "rule quickstart_example {\n"
                    "  strings: $a = \"vitrine quickstart example text\"\n"
                    "  condition: $a\n}\n"}};
  return add("example", std::move(example));
}

std::vector<std::string> AllKeys(const Places& places) {
  std::vector<std::string> out;
  for (const char* side : {"vendor", "outside"}) {
    for (const char* name : {"root1", "root2", "root3", "db1", "db2"}) {
      out.push_back(places.Keys() + "/" + side + "/" + name + ".key");
    }
  }
  return out;
}

Status TellTrust(const Places& places) {
  const ByteVector root =
      TRY(ReadFile(places.Metadata() + "/1.root.json", tuf::kRootSizeMax));
  update::Trust trust;
  trust.root = crypto::Sha256(root);
  trust.policy = TRY(publisher::ReadPolicy(places.Policy()));
  trust.max_stale = kMaxStale;
  // Nobody waits to try it.
  trust.min_age = {{"db", 0}, {"root", 0}, {"targets", 0}};
  const std::string text = update::FormatTrust(trust);
  TRY(update::ParseTrust(text));
  const std::string path = places.home + "/trust";
  TRY(DurableFiles().Write(path, AsBytes(text)));
  std::printf(
      "\nServe %s with any web server. What a client has to trust, for\n"
      "`vitrine trust init %s`:\n\n%s\n"
      "Its ages are for trying: a release is taken that nobody could look at\n"
      "yet. `vitrine trust tighten` takes the same file with longer ones.\n",
      places.Site().c_str(), path.c_str(), text.c_str());
  return Ok();
}

Status Quickstart(const Arguments& arguments) {
  const Places& places = arguments.places;
  const publisher::CeremonyOptions options = {arguments.origin, Now()};
  const auto ceremony = TRY(publisher::MakeKeys(places, options));
  const std::string record = RecordText(ceremony);
  TRY(DurableFiles().Write(places.Ceremony(), AsBytes(record)));
  const std::string log_key = TRY(LogKeyText(places, arguments.origin));
  const std::string policy =
      "log " + log_key + "\n" + TRY(MakeNeighbours(places, log_key));
  TRY(DurableFiles().Write(places.Policy(), AsBytes(policy)));
  TRY(publisher::StageFirst(places, options));
  TRY(FillSources(arguments));
  TRY(CompileStep(places, {}));
  TRY(SignStep(places, AllKeys(places)));
  TRY(LogStep(places, {}));
  TRY(TellTrust(places));
  std::puts(
      "All keys lie on this machine: good for trying, and for nothing else.\n"
      "docs/operators.md says how they are taken apart.");
  return Ok();
}

void OnParsed(CLI::App& command, Run& run,
              const std::shared_ptr<Arguments>& arguments,
              Status (*function)(const Arguments&)) {
  command.callback([&run, arguments, function] {
    run = [arguments, function] {
      const Status status = function(*arguments);
      return status.ok() ? 0 : Failed(status.error());
    };
  });
}

}  // namespace

void DeclareInit(CLI::App& app, Run& run) {
  auto& command = *app.add_subcommand(
      "init", "Make a publisher's keys and stage its first metadata");
  const auto arguments = std::make_shared<Arguments>();
  command.add_option("DIR", arguments->places.home, "A new folder")->required();
  command
      .add_option("--origin", arguments->origin,
                  "The log's name: a URL without its scheme, yours")
      ->required();
  command
      .add_option("--witnesses", arguments->policy,
                  "Witnesses, groups and quorum: lines of a tlog-policy")
      ->type_name("FILE");
  OnParsed(command, run, arguments, Init);
}

void DeclareQuickstart(CLI::App& app, Run& run) {
  auto& command = *app.add_subcommand(
      "quickstart",
      "Keys, log, two witnesses, a mirror and a first release on one machine");
  const auto arguments = std::make_shared<Arguments>();
  command.add_option("DIR", arguments->places.home, "A new folder")->required();
  command.add_option("--origin", arguments->origin, "The log's name")
      ->capture_default_str();
  command
      .add_option("--clamav", arguments->clamav,
                  "A folder of ClamAV signatures to begin with")
      ->type_name("DIR");
  command
      .add_option("--yara", arguments->yara,
                  "A folder of YARA rules to begin with")
      ->type_name("DIR");
  OnParsed(command, run, arguments, Quickstart);
}

}  // namespace vitrine::cli::publish
