// SPDX-License-Identifier: Apache-2.0
#include "engine/scan/scanner.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/scan/object_scan.h"

namespace vitrine::engine::scan {

class Scanner::Impl {
 public:
  Impl(std::shared_ptr<const vdb::Database> database,
       const ScanOptions& options, yara::Externals externals, bool profile)
      : database_(std::move(database)),
        options_(options),
        runner_(*database_, options_, std::move(externals), profile),
        context_(*database_, options_, runner_, profile) {}

  std::shared_ptr<const vdb::Database> database_;
  const ScanOptions options_;
  RuleRunner runner_;
  ScanContext context_;
};

Scanner::Scanner(std::shared_ptr<const vdb::Database> database,
                 const ScanOptions& options, yara::Externals externals,
                 bool profile)
    : impl_(std::make_unique<Impl>(std::move(database), options,
                                   std::move(externals), profile)) {}

Scanner::~Scanner() = default;

void Scanner::SetExternal(const std::string& name, yara::External value) {
  impl_->runner_.SetExternal(name, std::move(value));
}

ScanReport Scanner::Scan(Bytes input, Deadline deadline) {
  const std::chrono::milliseconds budget(impl_->options_.max_scantime_ms);
  if (budget.count() != 0) {
    deadline.at = std::min(deadline.at, Deadline::After(budget).at);
  }
  Session session(impl_->options_, deadline);
  ScanObject(impl_->context_, session, input, "", FileType::kANY);
  ScanReport report = session.Finish();
  const Status damage = impl_->database_->Damage();
  if (damage.ok()) return report;
  // Neither what it found nor what it missed means anything.
  ScanReport refused;
  refused.verdict = Verdict::kError;
  refused.errors = {damage.error().message};
  refused.bytes = report.bytes;
  return refused;
}

Profile Scanner::profile() const {
  Profile profile;
  const auto& costs = impl_->runner_.costs();
  for (size_t i = 0; i < costs.size(); ++i) {
    if (costs[i].times == 0) continue;
    profile.rules.push_back(
        {std::string(impl_->database_->Text(impl_->database_->rules()[i].name)),
         costs[i].nanoseconds, costs[i].times, 0});
  }
  for (const auto& [type, cost] : impl_->context_.format_costs) {
    profile.formats.push_back({std::string(FileTypeName(type)),
                               cost.nanoseconds, cost.times, cost.bytes});
  }
  const auto costlier = [](const auto& a, const auto& b) {
    return a.nanoseconds > b.nanoseconds;
  };
  std::stable_sort(profile.rules.begin(), profile.rules.end(), costlier);
  std::stable_sort(profile.formats.begin(), profile.formats.end(), costlier);
  return profile;
}

}  // namespace vitrine::engine::scan
