// SPDX-License-Identifier: Apache-2.0
#include "cli/publish/steps.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/own_program.h"
#include "base/read_file.h"
#include "base/system_error.h"
#include "base/text.h"
#include "cli/publish/report.h"
#include "publisher/site/ask_witness.h"
#include "publisher/site/limits.h"
#include "publisher/site/mirror.h"
#include "publisher/site/staging.h"
#include "tuf/signer.h"
#include "update/release/limits.h"

namespace vitrine::cli::publish {
namespace {

using publisher::Places;

std::string SummaryText(const update::Leaf::Summary& summary) {
  return "+" + std::to_string(summary.added) + " -" +
         std::to_string(summary.removed) + " ~" +
         std::to_string(summary.changed) + " allow+" +
         std::to_string(summary.allowed);
}

Result<std::vector<update::Leaf>> CeremonyNotes(const Places& places) {
  const auto record = ReadFile(places.Ceremony(), update::kLeafSizeMax);
  if (!record.ok()) {
    if (record.error().code != Code::kNotFound) return record.error();
    return std::vector<update::Leaf>();
  }
  update::Leaf leaf;
  leaf.type = update::LeafType::kKeyCeremony;
  leaf.role = "root";
  for (const std::string_view line : Split(AsText(record.value()), '\n')) {
    if (!line.empty()) leaf.notes.emplace_back(line);
  }
  return std::vector<update::Leaf>{std::move(leaf)};
}

}  // namespace

Status ScanKnownGood(const std::string& database,
                     const std::vector<std::string>& paths) {
  const std::string program = OwnFolder() + "/vitrine";
  std::vector<std::string> words = {program, "scan", "--database", database};
  words.insert(words.end(), paths.begin(), paths.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  std::fflush(stdout);
  const int failed = posix_spawn(&child, program.c_str(), nullptr, nullptr,
                                 arguments.data(), environ);
  if (failed != 0) return SystemError(program, failed);
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return SystemError(program, errno);
  }
  // 3: nothing found, and something not wholly looked at, as it is everywhere.
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code == 0 || code == 3) return Ok();
  if (code == 1) {
    return Error{Code::kDenied, "the database hits known-good files"};
  }
  return Error{Code::kUnavailable, "the scan of known-good files failed"};
}

Status CompileStep(const Places& places, const CompileChoices& choices) {
  publisher::ReleaseOptions options;
  options.now = Now();
  options.allow_errors = choices.allow_errors;
  options.allowed_most = choices.allowed_most;
  if (!choices.known_good.empty()) {
    options.false_positives = [&](const std::string& database) {
      return ScanKnownGood(database, choices.known_good);
    };
  }
  const publisher::Release release =
      TRY(publisher::StageRelease(places, options));
  if (release.version == 0) {
    std::puts("no change; metadata staged with a later expiry");
    return Ok();
  }
  std::printf("release %llu: %s, database of %llu bytes\n",
              static_cast<unsigned long long>(release.version),
              SummaryText(release.summary).c_str(),
              static_cast<unsigned long long>(release.database_size));
  for (const update::LeafFile& file : release.targets) {
    std::printf("  %s %llu\n", file.path.c_str(),
                static_cast<unsigned long long>(file.size));
  }
  return Ok();
}

Status SignStep(const Places& places, const std::vector<std::string>& keys) {
  for (const std::string& path : keys) {
    const tuf::Signer signer = TRY(tuf::ReadKeyFile(path));
    const auto roles =
        TRY(publisher::SignStaging(places.Staging(), places.Site(), signer));
    if (roles.empty()) {
      return Error{Code::kDenied, path + ": nothing staged is for this key"};
    }
    std::string text;
    for (const std::string& role : roles) text += " " + role;
    std::printf("%s: signed%s\n", path.c_str(), text.c_str());
  }
  return Ok();
}

Status LogStep(const Places& places, const LogChoices& choices) {
  publisher::PublishOptions options;
  options.now = Now();
  options.notes = TRY(CeremonyNotes(places));
  options.force = choices.force ? publisher::LogWriter::Force::kYes
                                : publisher::LogWriter::Force::kNo;
  if (!choices.cosignatures.empty()) {
    options.cosignatures =
        AsText(TRY(ReadFile(choices.cosignatures, publisher::kTextMax)));
  }
  const tlog::Policy policy = TRY(publisher::ReadPolicy(places.Policy()));
  options.ask = publisher::AskByUrl(
      [&](const std::string& folder, const std::string& checkpoint) -> Status {
        TRY(publisher::CopySite({places.Site(), folder, policy, checkpoint}));
        return Ok();
      });
  const publisher::Published done =
      TRY(publisher::PublishStaged(places, options));
  for (const auto& [role, index] : done.leaves) {
    std::printf("entry %llu: %s\n", static_cast<unsigned long long>(index),
                role.c_str());
  }
  std::string names;
  for (const std::string& name : done.publication.cosigned) names += " " + name;
  std::printf("log of %llu entries, cosigned by%s\n",
              static_cast<unsigned long long>(done.publication.size),
              names.empty() ? " nobody" : names.c_str());
  for (const std::string& failed : done.publication.failed) {
    std::fprintf(stderr, "vitrine-publish: witness %s\n", failed.c_str());
  }
  if (!done.is_done) {
    return Error{Code::kUnavailable,
                 "the quorum is not met: nothing is published; run this again"};
  }
  return Ok();
}

}  // namespace vitrine::cli::publish
