// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ir/match.h"
#include "engine/ir/program.h"
#include "engine/object/object.h"
#include "engine/yara/yara.h"

// A small, slow scanner for tests: every string is searched for on its own,
// no gate is used.
namespace vitrine::engine::yara {

struct TestMatch {
  std::string id;
  uint64_t offset = 0;
  uint64_t length = 0;

  auto operator<=>(const TestMatch&) const = default;
};

struct TestScan {
  // Rules that hold, in order; private ones and those that a global rule
  // forbids are left out.
  std::vector<std::string> rules;
  std::vector<TestMatch> strings;  // Of these rules, unless private.
  std::vector<std::string> errors;
  // A rule whose gate or precheck says no but that holds.
  std::vector<std::string> unsound;
};

TestScan ScanForTest(const ir::Program& program, Bytes object,
                     const Externals& externals = {},
                     Deadline deadline = Deadline::Never());

// Compiles `source`; the program with its diagnostics.
ir::Program CompileForTest(std::string_view source,
                           const CompileOptions& options = {});

size_t CountOf(const ir::Program& program, Severity severity);
// The first error's code, or "".
std::string FirstError(const ir::Program& program);

// Whether `condition` (of a rule without strings) holds for `object`; an error
// is reported as a failed expectation.
bool Holds(std::string_view condition, std::string_view object = "");

}  // namespace vitrine::engine::yara
