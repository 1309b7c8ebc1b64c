// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "base/result.h"
#include "cli/item_scanner.h"
#include "cli/sample_opener.h"
#include "scan/scanner_pool.h"
#include "wire/settings.h"

namespace vitrine::cli {

// Scans in caged processes: opens the items here, and hands on the descriptors.
class CagedScanner : public ItemScanner {
 public:
  // Starts `jobs` scanners on the open `database`. kNotFound: the scanner's
  // program is not where this one is; kInvalid: the database will not do.
  static Result<std::unique_ptr<CagedScanner>> Create(
      int database, const wire::Settings& settings, unsigned jobs);

  void Begin(WalkItem item, Done done) override;

  // What this machine's cages lack that they should have, for people; empty if
  // nothing.
  std::string Gaps() const;

 private:
  CagedScanner(std::unique_ptr<scan::ScannerPool> pool,
               std::chrono::nanoseconds scan_time)
      : pool_(std::move(pool)), scan_time_(scan_time) {}

  const std::unique_ptr<scan::ScannerPool> pool_;
  const std::chrono::nanoseconds scan_time_;
  SampleOpener opener_;
};

// Where vitrine-scanner is: beside this program, or where it is installed.
Result<std::string> FindScannerProgram();

}  // namespace vitrine::cli
