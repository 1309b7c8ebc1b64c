// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/mapped_file.h"
#include "engine/scan/scanner.h"
#include "engine/vdb/database.h"
#include "model/scan_report.h"
#include "scanner/file_externals.h"
#include "wire/settings.h"

namespace vitrine::scanner {

// What is said about a sample besides its bytes.
struct SampleName {
  std::string_view path;   // What rules see as its name; may be empty.
  std::string_view owner;  // Name of the user that it belongs to.
};

struct SampleResult {
  ScanReport report;
  uint64_t size = 0;  // Of the sample itself.
  std::chrono::nanoseconds spent{0};
};

// From an open file to its report: the same whether the process is caged or
// not. Thread-compatible; keeps the database alive, and up to 32 MiB to read
// into.
class SampleScanner {
 public:
  struct Options {
    MappedFile::Trim trim = MappedFile::Trim::kWhenLarge;
    bool profile = false;
  };
  SampleScanner(std::shared_ptr<const engine::vdb::Database> database,
                const wire::Settings& settings, const Options& options);

  // `descriptor` stays the caller's. What cannot be read has the verdict
  // `error`, as has what changed while it was looked at. At the deadline the
  // rest is left out, and said so.
  SampleResult Scan(int descriptor, const SampleName& name, bool all_match,
                    Deadline deadline);

  engine::scan::Profile profile() const;

 private:
  // The engine is told once whether to go on after an alert: an engine each,
  // made when it is first asked for.
  engine::scan::Scanner& ScannerFor(bool all_match);

  const std::shared_ptr<const engine::vdb::Database> database_;
  const wire::Settings settings_;
  const Options options_;
  FileExternalSetter externals_;
  std::unique_ptr<engine::scan::Scanner> scanners_[2];
  ByteVector buffer_;
};

}  // namespace vitrine::scanner
