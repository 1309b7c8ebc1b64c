// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"

namespace vitrine::sandbox {

// One thing that must hold of one argument of a call.
struct Condition {
  enum class Test : uint8_t {
    kNone,     // Holds always.
    kEquals,   // The argument is `value`.
    kAtMost,   // It is `value` or less, unsigned.
    kAtLeast,  // It is `value` or more, unsigned.
    kWithout,  // It has none of the bits of `value`.
    kSelf,     // It is the number of the calling process.
  };
  Test test = Test::kNone;
  uint8_t argument = 0;  // 0 to 5.
  uint64_t value = 0;
};

// A call that is allowed when all conditions hold. Several rules of one call
// are alternatives.
struct Rule {
  static constexpr size_t kConditionsMax = 3;

  int number;
  const char* name;
  Condition conditions[kConditionsMax];
  const char* why;
};

// All calls of a confined process; whatever is not in it kills. Ordered as it
// is to be read.
std::span<const Rule> FilterTable();

// "write when arg0 == 2 -- error messages\n", a line a rule: what a reviewer
// reads, and what testdata/policy.txt holds.
std::string FilterListing();

// Loads the table into the kernel, for all threads of the process. There is no
// way back. kUnavailable: this kernel has no seccomp filters.
Status LoadFilter();

// The table compiled for this process, as the kernel would get it: an array of
// sock_filter. For the test that runs it.
Result<std::string> CompiledFilter();

}  // namespace vitrine::sandbox
