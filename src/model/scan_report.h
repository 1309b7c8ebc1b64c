// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vitrine {

// Ordered: the larger outranks the smaller when parts of a scan are combined.
enum class Verdict : uint8_t { kClean, kLimited, kError, kFound };

const char* VerdictName(Verdict verdict);  // "clean" "limited" "error" "found"

struct StringMatch {
  std::string id;  // "$a"; for ClamAV the subsignature's number.
  uint64_t offset = 0;
  uint64_t length = 0;
};

// One rule that held for one object.
struct Alert {
  std::string name;
  std::string engine;  // "clamav", "yara" or "hash".
  std::string object;  // Path inside the input: "b/c.doc!vba/M1"; "" is the
                       // input itself.
  std::vector<std::string> tags;
  std::vector<StringMatch> strings;
  uint32_t rule = 0;  // Index in the database, for `explain`.
};

// A part that was not, or not fully, looked at.
struct Limit {
  std::string object;
  std::string reason;  // Stable word: "max-recursion", "encrypted", ...
  std::string detail;  // For people; may be empty.
};

// What became of one input.
struct ScanReport {
  Verdict verdict = Verdict::kClean;
  std::vector<Alert> alerts;
  std::vector<Limit> limits;
  std::vector<std::string> errors;
  std::vector<std::string> console;  // What YARA's console module said.
  uint64_t bytes = 0;  // Looked at, unpacked members included.
};

}  // namespace vitrine
