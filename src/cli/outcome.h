// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/scan_report.h"

namespace vitrine::cli {

// What became of one thing that a scan came upon.
struct Outcome {
  std::string path;
  ScanReport report;
  uint64_t size = 0;    // Of the input itself.
  double ms = 0;        // From opening it to the verdict.
  std::string skipped;  // Not empty: never opened, and why; no report.
};

// Sums over all outcomes.
struct Summary {
  uint64_t files = 0;
  uint64_t found = 0;  // Inputs with alerts.
  uint64_t alerts = 0;
  uint64_t limited = 0;  // Inputs whose verdict is `limited`.
  uint64_t errors = 0;   // Inputs whose verdict is `error`.
  uint64_t skipped = 0;
  uint64_t links = 0;
  uint64_t bytes_read = 0;
  uint64_t bytes_scanned = 0;  // Unpacked members included.
  double seconds = 0;

  void Add(const Outcome& outcome);
  // 1 found; 2 error; 3 limited; 0 clean: found outranks error.
  int ExitStatus() const;
};

}  // namespace vitrine::cli
