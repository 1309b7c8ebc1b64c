// SPDX-License-Identifier: Apache-2.0
#include "cli/in_process_scanner.h"

#include <chrono>
#include <utility>

#include "cli/item_outcome.h"
#include "cli/profile_report.h"
#include "cli/sample_opener.h"
#include "scanner/sample_scanner.h"

namespace vitrine::cli {
namespace {

using Clock = std::chrono::steady_clock;

Outcome ScanItem(const WalkItem& item, SampleOpener& opener,
                 scanner::SampleScanner& scanner) {
  const auto start = Clock::now();
  const auto sample = opener.Open(item);
  if (!sample.ok()) return FailedOutcome(item, sample.error().message);
  auto result =
      scanner.Scan(sample.value().descriptor.get(),
                   {item.path, sample.value().owner}, false, Deadline::Never());
  Outcome outcome;
  outcome.path = item.path;
  outcome.report = std::move(result.report);
  outcome.size = result.size;
  const std::chrono::duration<double, std::milli> spent = Clock::now() - start;
  outcome.ms = spent.count();
  return outcome;
}

}  // namespace

InProcessScanner::InProcessScanner(
    std::shared_ptr<const engine::vdb::Database> database,
    const wire::Settings& settings, unsigned jobs, bool profile)
    : database_(std::move(database)), settings_(settings), profile_(profile) {
  for (unsigned i = 0; i < jobs; ++i) {
    workers_.emplace_back([this] { RunWorker(); });
  }
}

InProcessScanner::~InProcessScanner() { Finish(); }

void InProcessScanner::Begin(WalkItem item, Done done) {
  if (auto outcome = OutcomeWithoutScan(item)) {
    done(*std::move(outcome));
    return;
  }
  const std::lock_guard lock(mutex_);
  queue_.push_back({std::move(item), std::move(done)});
  work_.notify_one();
}

void InProcessScanner::RunWorker() {
  scanner::SampleScanner scanner(database_, settings_,
                                 {MappedFile::Trim::kWhenLarge, profile_});
  SampleOpener opener;
  while (const auto work = Next()) {
    work->done(ScanItem(work->item, opener, scanner));
  }
  if (!profile_) return;
  const auto profile = scanner.profile();
  const std::lock_guard lock(mutex_);
  MergeProfile(profile, sum_);
}

std::optional<InProcessScanner::Work> InProcessScanner::Next() {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [&] { return closed_ || !queue_.empty(); });
  if (queue_.empty()) return std::nullopt;
  Work next = std::move(queue_.front());
  queue_.pop_front();
  return next;
}

void InProcessScanner::Finish() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    work_.notify_all();
  }
  workers_.clear();
}

engine::scan::Profile InProcessScanner::TakeProfile() {
  Finish();
  return std::move(sum_);
}

}  // namespace vitrine::cli
