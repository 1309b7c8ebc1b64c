// SPDX-License-Identifier: Apache-2.0
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/externals.h"
#include "cli/input.h"
#include "cli/profile_report.h"
#include "cli/progress.h"
#include "cli/rule_source.h"
#include "cli/scan_pool.h"
#include "engine/scan/scanner.h"

namespace vitrine::cli {
namespace {

using Clock = std::chrono::steady_clock;
using engine::scan::Profile;
using engine::scan::Scanner;
using DatabasePointer = std::shared_ptr<const engine::vdb::Database>;

// The workers' profiles, added up as they end. Thread-safe.
class ProfileSum {
 public:
  void Add(const Profile& profile) {
    const std::lock_guard lock(mutex_);
    MergeProfile(profile, sum_);
  }
  Profile Take() {
    const std::lock_guard lock(mutex_);
    return std::move(sum_);
  }

 private:
  std::mutex mutex_;
  Profile sum_;
};

ScanReport ErrorReport(std::string message) {
  ScanReport report;
  report.verdict = Verdict::kError;
  report.errors.push_back(std::move(message));
  return report;
}

// One worker: opens an input, scans it, and says what became of it.
class FileScanner : public ItemScanner {
 public:
  FileScanner(const DatabasePointer& database, const RuleSettings& settings,
              ProfileSum* profiles)
      : scanner_(database, settings.scan.scan, settings.defined,
                 profiles != nullptr),
        externals_(*database, settings.defined),
        profiles_(profiles) {}

  ~FileScanner() override {
    if (profiles_ != nullptr) profiles_->Add(scanner_.profile());
  }

  Outcome Scan(const WalkItem& item) override {
    Outcome outcome;
    outcome.path = item.path;
    const auto start = Clock::now();
    switch (item.kind) {
      case WalkItem::Kind::kFile:
      case WalkItem::Kind::kInput:
        ScanInput(item, outcome);
        break;
      case WalkItem::Kind::kError:
        outcome.report = ErrorReport(item.why);
        break;
      case WalkItem::Kind::kLimited:
        outcome.report.verdict = Verdict::kLimited;
        outcome.report.limits.push_back({"", item.why, "folder not entered"});
        break;
      case WalkItem::Kind::kSkipped:
        outcome.skipped = item.why;
        break;
    }
    const std::chrono::duration<double, std::milli> spent =
        Clock::now() - start;
    outcome.ms = spent.count();
    return outcome;
  }

 private:
  void ScanInput(const WalkItem& item, Outcome& outcome) {
    const auto input = Input::Open(item, buffer_);
    if (!input.ok()) {
      outcome.report = ErrorReport(input.error().message);
      return;
    }
    const Bytes bytes = input.value().bytes();
    externals_.Set(item.path, input.value().owner(), bytes, scanner_);
    outcome.size = bytes.size();
    outcome.report = scanner_.Scan(bytes);
    if (input.value().damaged()) {
      outcome.report.errors.push_back("the file changed while it was scanned");
      outcome.report.verdict =
          std::max(outcome.report.verdict, Verdict::kError);
    }
  }

  Scanner scanner_;
  FileExternalSetter externals_;
  ProfileSum* const profiles_;
  ByteVector buffer_;
};

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
                  const DatabasePointer& database, Walker& walker,
                  ProfileSum* profiles) {
  WriterContext context;
  context.colours = WantsColours();
  context.start_time = UtcNow();
  const auto writer = MakeWriter(arguments.output, context);
  Progress progress(arguments.paths, settings.scan.walk);
  Summary summary;
  const auto start = Clock::now();
  writer->Begin();
  ScanAll(
      walker, JobsFor(arguments),
      [&] {
        return std::make_unique<FileScanner>(database, settings, profiles);
      },
      [&](const Outcome& outcome) {
        summary.Add(outcome);
        const bool prints = outcome.report.verdict != Verdict::kClean ||
                            arguments.output == OutputFormat::kJsonl;
        if (prints || !outcome.skipped.empty()) progress.Clear();
        if (!outcome.skipped.empty()) {
          Complain("skipped " + Printable(outcome.path) + ": " +
                   outcome.skipped);
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

Result<int> Scan(const ScanArguments& arguments) {
  auto settings = TRY(ReadSettings(arguments.rules));
  if (arguments.all_match) settings.scan.scan.all_match = true;
  for (const std::string& note : settings.scan.notes) Complain(note);
  const auto walker = TRY(Walker::Create(arguments.paths, settings.scan.walk));
  const auto database = TRY(OpenDatabase(arguments.rules, settings));
  ProfileSum profiles;
  const Summary summary = ScanPaths(arguments, settings, database, *walker,
                                    arguments.profile ? &profiles : nullptr);
  if (arguments.profile) {
    std::fputs(ProfileText(profiles.Take()).c_str(), stderr);
  }
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
