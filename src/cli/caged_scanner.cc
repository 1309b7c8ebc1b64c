// SPDX-License-Identifier: Apache-2.0
#include "cli/caged_scanner.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "base/own_program.h"
#include "cli/item_outcome.h"
#include "cli/limits.h"

namespace vitrine::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Each scanner takes two descriptors, each open input one; the customary soft
// limit of 1,024 is for programs that use select().
void RaiseDescriptorLimit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// The engine keeps max-scantime itself. This is for one that cannot.
nanoseconds KillTime(const ScanOptions& options) {
  const milliseconds budget(options.max_scantime_ms);
  if (budget.count() == 0) return nanoseconds::max();
  return budget +
         std::clamp<milliseconds>(budget / 4, kKillGraceLeast, kKillGraceMost);
}

}  // namespace

Result<std::string> FindScannerProgram() {
  const std::string program = OwnProgram();
  if (program.empty()) {
    return Error{Code::kUnavailable, "/proc/self/exe cannot be read"};
  }
  std::string path = FindOurProgram("vitrine-scanner");
  if (access(path.c_str(), X_OK) == 0) return path;
  return Error{Code::kNotFound,
               "no vitrine-scanner beside " + program +
                   "; --no-cage scans without it, in this process"};
}

Result<std::unique_ptr<CagedScanner>> CagedScanner::Create(
    int database, const wire::Settings& settings, unsigned jobs) {
  scan::PoolOptions options;
  options.program = TRY(FindScannerProgram());
  options.scanners = jobs;
  options.standbys = 0;
  options.pipeline = kPipeline;
  const auto encoded = TRY(wire::EncodeSettings(settings));
  RaiseDescriptorLimit();
  auto pool = TRY(scan::ScannerPool::Create(options, {database, encoded}));
  return std::unique_ptr<CagedScanner>(
      new CagedScanner(std::move(pool), KillTime(settings.options)));
}

void CagedScanner::Begin(WalkItem item, Done done) {
  if (auto outcome = OutcomeWithoutScan(item)) {
    done(*std::move(outcome));
    return;
  }
  const auto start = Clock::now();
  auto sample = opener_.Open(item);
  if (!sample.ok()) {
    done(FailedOutcome(item, sample.error().message));
    return;
  }
  scan::Request request;
  request.scan_time = scan_time_;
  request.full_report = true;
  request.path = item.path;
  request.owner = std::move(sample.value().owner);
  const auto opening = Clock::now() - start;
  pool_->Submit(std::move(sample.value().descriptor), std::move(request),
                [path = std::move(item.path), done = std::move(done),
                 opening](scan::Outcome scanned) {
                  Outcome outcome;
                  outcome.path = path;
                  outcome.report = scan::ReadReport(scanned);
                  outcome.size = scanned.size;
                  const std::chrono::duration<double, std::milli> spent =
                      opening + scanned.spent;
                  outcome.ms = spent.count();
                  done(std::move(outcome));
                });
}

std::string CagedScanner::Gaps() const {
  const sandbox::CageReport cage = pool_->status().cage;
  std::string gaps;
  for (size_t i = 0; i < sandbox::kLayerCount; ++i) {
    const auto layer = static_cast<sandbox::Layer>(i);
    if (layer == sandbox::Layer::kCgroup ||
        cage.row(layer).state != sandbox::State::kAbsent) {
      continue;
    }
    if (!gaps.empty()) gaps += ", ";
    gaps += sandbox::LayerName(layer);
  }
  return gaps;
}

}  // namespace vitrine::cli
