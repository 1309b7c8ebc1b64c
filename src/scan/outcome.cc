// SPDX-License-Identifier: Apache-2.0
#include "scan/outcome.h"

#include <utility>

#include "wire/report.h"

namespace vitrine::scan {
namespace {

// For people, in the report's errors.
const char* Explain(Reason reason) {
  switch (reason) {
    case Reason::kAnswered:
      return "";
    case Reason::kTimeout:
      return "the scan took too long and was ended";
    case Reason::kCrash:
      return "the scanner crashed";
    case Reason::kGarbage:
      return "the scanner gave an answer that is none and was ended";
    case Reason::kKillsScanners:
      return "scanners died of this file before; it was not tried again";
    case Reason::kNoScanner:
      return "no scanner can be started";
    case Reason::kBusy:
      return "too many files wait to be scanned";
    case Reason::kUnreadable:
      return "the file cannot be read";
    case Reason::kStopped:
      return "the scan was stopped";
  }
  return "";
}

ScanReport ErrorReport(std::string message) {
  ScanReport report;
  report.verdict = Verdict::kError;
  report.errors.push_back(std::move(message));
  return report;
}

}  // namespace

const char* ReasonWord(Reason reason) {
  switch (reason) {
    case Reason::kAnswered:
      return "answered";
    case Reason::kTimeout:
      return "timeout";
    case Reason::kCrash:
      return "crash";
    case Reason::kGarbage:
      return "garbage";
    case Reason::kKillsScanners:
      return "kills-scanners";
    case Reason::kNoScanner:
      return "no-scanner";
    case Reason::kBusy:
      return "busy";
    case Reason::kUnreadable:
      return "unreadable";
    case Reason::kStopped:
      return "stopped";
  }
  return "no-scanner";
}

ScanReport ReadReport(const Outcome& outcome) {
  if (outcome.reason != Reason::kAnswered) {
    std::string message = Explain(outcome.reason);
    if (!outcome.detail.empty()) message += ": " + outcome.detail;
    return ErrorReport(std::move(message));
  }
  ScanReport report;
  if (outcome.report.empty()) {
    report.verdict = outcome.verdict;
    report.bytes = outcome.bytes;
    return report;
  }
  auto decoded = wire::DecodeReport(outcome.report);
  if (!decoded.ok()) return ErrorReport(decoded.error().message);
  report = std::move(decoded).value();
  if (report.verdict != outcome.verdict ||
      report.alerts.size() != outcome.alerts) {
    return ErrorReport("the scanner contradicts itself");
  }
  return report;
}

}  // namespace vitrine::scan
