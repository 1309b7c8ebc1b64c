// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/deadline.h"
#include "engine/vdb/database.h"
#include "engine/yara/yara.h"
#include "model/scan_options.h"
#include "model/scan_report.h"

namespace vitrine::engine::scan {

// What a scan spent its time on, by rule and by format; see Scanner::profile().
struct Profile {
  struct Cost {
    std::string name;
    uint64_t nanoseconds = 0;
    uint64_t times = 0;
    uint64_t bytes = 0;
  };
  std::vector<Cost> rules;    // By falling cost.
  std::vector<Cost> formats;  // By falling cost; the type's name.
};

// Runs a database over one input at a time: types it, filters it, evaluates
// the rules that were touched, unpacks it and goes on inside.
//
// Thread-compatible: one Scanner a thread, all sharing one Database, which the
// Scanner keeps alive. An input need only outlive its Scan() call. Work is
// bounded by ScanOptions, never by the input; what a bound cut off is in the
// report's limits, and such an input is never clean.
class Scanner {
 public:
  Scanner(std::shared_ptr<const vdb::Database> database,
          const ScanOptions& options, yara::Externals externals,
          bool profile = false);
  ~Scanner();
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  // Sets an external variable for the scans to come (filename, ...). Names
  // that no rule uses are ignored.
  void SetExternal(const std::string& name, yara::External value);

  // Ends at `deadline` or when max-scantime is used up, whichever is earlier.
  ScanReport Scan(Bytes input, Deadline deadline = Deadline::Never());

  // Empty unless asked for at construction.
  Profile profile() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vitrine::engine::scan
