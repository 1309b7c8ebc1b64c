// SPDX-License-Identifier: Apache-2.0
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "base/utf8.h"
#include "cli/caged_scanner.h"
#include "cli/commands.h"
#include "cli/in_process_scanner.h"
#include "cli/item_scanner.h"
#include "cli/profile_report.h"
#include "cli/progress.h"
#include "cli/rule_source.h"

namespace vitrine::cli {
namespace {

using Clock = std::chrono::steady_clock;

unsigned ProcessorCount() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
}

// One file needs no second worker, and a worker is not free.
unsigned JobsFor(const ScanArguments& arguments) {
  struct stat status;
  const bool one_file = arguments.paths.size() == 1 &&
                        (stat(arguments.paths[0].c_str(), &status) != 0 ||
                         !S_ISDIR(status.st_mode));
  if (one_file) return 1;
  return arguments.jobs != 0 ? arguments.jobs
                             : std::min(ProcessorCount(), kJobsMax);
}

bool WantsColours() {
  const char* const off = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) == 1 && (off == nullptr || *off == '\0');
}

Summary ScanPaths(const ScanArguments& arguments, const RuleSettings& settings,
                  ItemScanner& scanner, Walker& walker) {
  WriterContext context;
  context.colours = WantsColours();
  context.start_time = UtcNow();
  const auto writer = MakeWriter(arguments.output, context);
  Progress progress(arguments.paths, settings.scan.walk);
  Summary summary;
  const auto start = Clock::now();
  writer->Begin();
  ScanAll(walker, scanner, [&](const Outcome& outcome) {
    summary.Add(outcome);
    const bool prints = outcome.report.verdict != Verdict::kClean ||
                        arguments.output == OutputFormat::kJsonl;
    if (prints || !outcome.skipped.empty()) progress.Clear();
    if (!outcome.skipped.empty()) {
      Complain("skipped " + Printable(outcome.path) + ": " + outcome.skipped);
    }
    writer->Add(outcome);
    progress.Update(summary);
  });
  const std::chrono::duration<double> spent = Clock::now() - start;
  summary.seconds = spent.count();
  summary.links = walker.links();
  progress.Clear();
  writer->End(summary);
  return summary;
}

wire::Settings ScannerSettings(const RuleSettings& settings) {
  return {settings.scan.scan, settings.defined};
}

Result<Summary> ScanCaged(const ScanArguments& arguments,
                          const RuleSettings& settings,
                          const UniqueFd& database, Walker& walker) {
  const auto scanner = CagedScanner::Create(
      database.get(), ScannerSettings(settings), JobsFor(arguments));
  if (!scanner.ok()) {
    // A database that will not do is its file's fault, all else is not.
    const Error& error = scanner.error();
    return error.code == Code::kInvalid ? DatabaseError(error, arguments.rules)
                                        : error;
  }
  const std::string gaps = scanner.value()->Gaps();
  if (!gaps.empty()) {
    Complain("the scanners' cage lacks what this machine does not give: " +
             gaps);
  }
  return ScanPaths(arguments, settings, *scanner.value(), walker);
}

Result<Summary> ScanInProcess(const ScanArguments& arguments,
                              const RuleSettings& settings,
                              const UniqueFd& file, Walker& walker) {
  auto database = engine::vdb::Database::Map(file.get());
  if (!database.ok()) return DatabaseError(database.error(), arguments.rules);
  InProcessScanner scanner(std::move(database).value(),
                           ScannerSettings(settings), JobsFor(arguments),
                           arguments.profile);
  const Summary summary = ScanPaths(arguments, settings, scanner, walker);
  if (arguments.profile) {
    std::fputs(ProfileText(scanner.TakeProfile()).c_str(), stderr);
  }
  return summary;
}

Result<int> Scan(const ScanArguments& arguments) {
  auto settings = TRY(ReadSettings(arguments.rules));
  if (arguments.all_match) settings.scan.scan.all_match = true;
  for (const std::string& note : settings.scan.notes) Complain(note);
  const auto walker = TRY(Walker::Create(arguments.paths, settings.scan.walk));
  const auto database = TRY(OpenDatabaseFile(arguments.rules, settings));
  const bool in_process = arguments.no_cage || arguments.profile;
  const auto scan = in_process ? ScanInProcess : ScanCaged;
  const Summary summary = TRY(scan(arguments, settings, database, *walker));
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    return Error{Code::kUnavailable, "the results could not be written"};
  }
  return summary.ExitStatus();
}

}  // namespace

int RunScan(const ScanArguments& arguments) {
  const auto status = Scan(arguments);
  if (status.ok()) return status.value();
  Complain(status.error().message);
  return 2;
}

}  // namespace vitrine::cli
