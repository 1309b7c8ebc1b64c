// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "model/scan_report.h"

namespace vitrine::scan {

// Why an outcome is what it is. All but kAnswered have the verdict `error`.
enum class Reason : uint8_t {
  kAnswered,       // A scanner's own verdict, whatever it is.
  kTimeout,        // The deadline passed, or the time for one sample.
  kCrash,          // The scanner died over it.
  kGarbage,        // The scanner broke the protocol over it, and was ended.
  kKillsScanners,  // It killed scanners before; not tried again.
  kNoScanner,      // None can be started.
  kBusy,           // Too many requests wait.
  kUnreadable,     // The descriptor is not that of a readable sample.
  kStopped,        // The pool was taken down.
};

// Stable words: "answered", "timeout", "crash", "garbage", "kills-scanners",
// "no-scanner", "busy", "unreadable", "stopped".
const char* ReasonWord(Reason reason);

// What became of one request. An outcome is not an error: a dead scanner is an
// answer, and never means clean.
struct Outcome {
  Verdict verdict = Verdict::kError;
  Reason reason = Reason::kNoScanner;
  uint32_t alerts = 0;
  std::string first_alert;            // Printable ASCII, cut at wire::kNameMax.
  uint64_t bytes = 0;                 // Looked at, members included.
  uint64_t size = 0;                  // Of the sample.
  std::chrono::nanoseconds spent{0};  // By the scanner; else from start to end.
  uint64_t database = 0;              // Generation that answered.
  std::string detail;                 // Of kCrash and kGarbage, for people.

  // The full report as it came, if it was asked for; empty where verdict and
  // bytes say it all. Not looked at by the pool: see ReadReport().
  ByteVector report;
};

// The full report of an outcome whose request asked for it, reasons other than
// kAnswered spelled out in `errors`. A report that does not decode, or does not
// agree with the fixed part, gives the verdict `error`. For those who may parse
// (the command, the doorman); the guard must not call it.
ScanReport ReadReport(const Outcome& outcome);

}  // namespace vitrine::scan
