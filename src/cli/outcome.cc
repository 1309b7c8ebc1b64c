// SPDX-License-Identifier: Apache-2.0
#include "cli/outcome.h"

namespace vitrine::cli {

void Summary::Add(const Outcome& outcome) {
  if (!outcome.skipped.empty()) {
    ++skipped;
    return;
  }
  ++files;
  alerts += outcome.report.alerts.size();
  bytes_read += outcome.size;
  bytes_scanned += outcome.report.bytes;
  switch (outcome.report.verdict) {
    case Verdict::kFound:
      ++found;
      break;
    case Verdict::kError:
      ++errors;
      break;
    case Verdict::kLimited:
      ++limited;
      break;
    case Verdict::kClean:
      break;
  }
}

int Summary::ExitStatus() const {
  if (found > 0) return 1;
  if (errors > 0) return 2;
  return limited > 0 ? 3 : 0;
}

}  // namespace vitrine::cli
