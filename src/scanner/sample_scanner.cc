// SPDX-License-Identifier: Apache-2.0
#include "scanner/sample_scanner.h"

#include <algorithm>
#include <utility>

namespace vitrine::scanner {

using engine::scan::Profile;
using engine::scan::Scanner;

SampleScanner::SampleScanner(
    std::shared_ptr<const engine::vdb::Database> database,
    const wire::Settings& settings, const Options& options)
    : database_(std::move(database)),
      settings_(settings),
      options_(options),
      externals_(*database_, settings_.externals) {
  ScannerFor(settings_.options.all_match);
}

Scanner& SampleScanner::ScannerFor(bool all_match) {
  auto& scanner = scanners_[all_match ? 1 : 0];
  if (scanner == nullptr) {
    ScanOptions options = settings_.options;
    options.all_match = all_match;
    scanner = std::make_unique<Scanner>(database_, options, settings_.externals,
                                        options_.profile);
  }
  return *scanner;
}

SampleResult SampleScanner::Scan(int descriptor, const SampleName& name,
                                 bool all_match, Deadline deadline) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  SampleResult result;
  const auto file = MappedFile::Open(descriptor, buffer_, options_.trim);
  if (file.ok()) {
    const Bytes bytes = file.value().bytes();
    Scanner& scanner = ScannerFor(all_match || settings_.options.all_match);
    externals_.Set(name.path, name.owner, bytes, scanner);
    result.size = bytes.size();
    result.report = scanner.Scan(bytes, deadline);
    if (file.value().damaged()) {
      result.report.errors.push_back("the file changed while it was scanned");
      result.report.verdict = std::max(result.report.verdict, Verdict::kError);
    }
  } else {
    result.report.verdict = Verdict::kError;
    result.report.errors.push_back(file.error().message);
  }
  result.spent = Clock::now() - start;
  return result;
}

Profile SampleScanner::profile() const {
  // Profiles are asked for by a command, which uses one of the two.
  for (const auto& scanner : scanners_) {
    if (scanner != nullptr) return scanner->profile();
  }
  return {};
}

}  // namespace vitrine::scanner
