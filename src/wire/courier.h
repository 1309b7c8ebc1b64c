// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// What the courier is asked to fetch, and what it says of it: lines, over a
// pipe or socket. docs/spec/courier.md has the grammar.
namespace vitrine::wire {

// A file of the mirrors, which have it below their configured URL; and its name
// in the staging folder.
struct CourierFetch {
  std::string name;
  uint64_t size_max = 0;
  // Never changes under its name: what an earlier try left may be gone on with.
  bool immutable = false;

  bool operator==(const CourierFetch&) const = default;
};

struct CourierJob {
  std::vector<uint32_t> avoid;  // Mirrors (from 0) that gave something wrong.
  std::vector<CourierFetch> fetches;

  bool operator==(const CourierJob&) const = default;
};

struct CourierResult {
  enum class Kind : uint8_t {
    kGot,      // It lies in the staging folder, whole.
    kMissing,  // A mirror does not have it, and none gave it.
    kFailed,
  };
  Kind kind = Kind::kFailed;
  std::string name;
  uint64_t size = 0;    // Of kGot, as is
  uint32_t mirror = 0;  // where it came from.
  std::string reason;   // Of kFailed: a stable word, and for people
  std::string detail;   // more; at most kCourierDetailMax bytes.

  bool operator==(const CourierResult&) const = default;
};

// 1..16 parts between single '/', each of letters, digits and -._~+@=,%: not
// beginning with '.', at most 255; '%' only before two upper-case hex digits;
// kCourierNameMax in all. So no name leaves a folder or means another in a URL.
bool IsCourierName(std::string_view name);

std::string FormatJob(const CourierJob& job);
std::string FormatResult(const CourierResult& result);  // One line.
inline constexpr std::string_view kCourierEnd = "end\n";

// Takes a job line by line. After an error there is no way on.
class CourierJobReader {
 public:
  // True with the line that ends the job. The line is without its end.
  Result<bool> Line(std::string_view line);
  CourierJob Take();

 private:
  Status Fetch(const std::vector<std::string_view>& words);

  bool begun_ = false;
  CourierJob job_;
};

// A line of an answer, without its end; nullopt: the end of all results.
Result<std::optional<CourierResult>> ParseCourierResult(std::string_view line);

}  // namespace vitrine::wire
