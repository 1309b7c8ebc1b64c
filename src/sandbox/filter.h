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

// All calls that a program may make, ordered as they are to be read, and what
// becomes of the others.
struct FilterTable {
  std::span<const Rule> rules;
  enum class Others : uint8_t {
    kKill,    // The process has been taken over: nothing else makes them.
    kRefuse,  // EPERM. For programs whose libraries differ between systems.
  };
  Others others = Others::kKill;
};

// A scanner's. A change is a change of what a taken-over one can do: it is seen
// in testdata/*.txt, and reviewed as such. So with all of them.
const FilterTable& ScannerFilter();
const FilterTable& RecorderFilter();
const FilterTable& DoormanFilter();
const FilterTable& CourierFilter();

// "write when arg0 == 2 -- error messages\n", a line a rule: what a reviewer
// reads.
std::string FilterListing(const FilterTable& table);

// Loads the table into the kernel, for all threads of the process. There is no
// way back. kUnavailable: this kernel has no seccomp filters.
Status LoadFilter(const FilterTable& table);

// The table compiled for this process, as the kernel would get it: an array of
// sock_filter. For the test that runs it.
Result<std::string> CompiledFilter(const FilterTable& table);

}  // namespace vitrine::sandbox
