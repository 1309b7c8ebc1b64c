// SPDX-License-Identifier: Apache-2.0
#include "model/scan_report.h"

namespace vitrine {

const char* VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kClean:
      return "clean";
    case Verdict::kLimited:
      return "limited";
    case Verdict::kError:
      return "error";
    case Verdict::kFound:
      return "found";
  }
  return "error";
}

}  // namespace vitrine
