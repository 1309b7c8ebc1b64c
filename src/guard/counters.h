// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace vitrine::guard {

// What the guard has done since it started. Opens that the kernel answered by a
// mark are in none of them: nobody counts those.
struct Counters {
  uint64_t questions = 0;
  uint64_t own = 0;       // Of our own processes.
  uint64_t excluded = 0;  // By path, program or because there are no contents.
  uint64_t cached = 0;    // Answered by a remembered verdict.
  uint64_t scans = 0;
  uint64_t found = 0;
  uint64_t denied = 0;
  uint64_t late = 0;        // Answered by policy: at the deadline,
  uint64_t errors = 0;      // for want of a verdict,
  uint64_t limited = 0;     // not all looked at,
  uint64_t busy = 0;        // too many waited.
  uint64_t unanswered = 0;  // The kernel took no answer: its opener had gone.
  uint64_t written = 0;     // Scanned after writing.
  uint64_t written_dropped = 0;  // Left to the scan at the next open.
  uint64_t lease_breaks = 0;
  uint64_t overflows = 0;
  int64_t last_overflow_ns = 0;  // Since 1970; 0: never.
  uint64_t waiting = 0;          // Openers, now.
  uint64_t kept = 0;             // Files the kernel answers for, now.
  uint64_t verdicts = 0;         // Remembered, now.
};

}  // namespace vitrine::guard
