// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vitrine::wire {

// What the guard tells about itself to whoever asks, by text on its control
// socket: a line a fact, words separated by one blank, each word with blanks,
// control bytes, % and what is not ASCII as %HH. docs/spec/guard.md.
struct GuardStatus {
  struct MountRow {
    std::string state;  // "watched", "not" or "failed"
    uint64_t space = 0;
    std::string type;
    std::string device;
    std::string point;
    std::string why_not;  // Of "not" and "failed".
    std::string proof;    // Of "watched".
    bool operator==(const MountRow&) const = default;
  };
  struct CageRow {
    std::string mechanism;
    std::string state;
    std::string detail;
    bool operator==(const CageRow&) const = default;
  };
  struct Counter {
    std::string name;
    uint64_t value = 0;
    bool operator==(const Counter&) const = default;
  };

  std::string mode;                   // "block", "notify" or "off"
  uint64_t database = 0;              // Generation; 0: none.
  int64_t database_time = 0;          // Of its file, seconds since 1970.
  int64_t last_overflow_ns = 0;       // Since 1970; 0: never.
  std::vector<std::string> degraded;  // Why it protects less than it should.
  std::vector<Counter> counters;
  std::vector<CageRow> cage;
  std::vector<MountRow> mounts;
  bool operator==(const GuardStatus&) const = default;
};

// Rows of one kind, and bytes of the whole: beyond it the answer is refused.
inline constexpr size_t kStatusRowsMax = 200000;
inline constexpr size_t kStatusBytesMax = size_t{64} << 20;

std::string Format(const GuardStatus& status);
// The inverse; kInvalid for what Format() does not write, kTruncated where the
// last line is missing.
Result<GuardStatus> ParseGuardStatus(std::string_view text);

}  // namespace vitrine::wire
