// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vitrine {

enum class Severity : uint8_t { kWarning, kError };

// One thing wrong with a signature source, as `vitrine check` prints it.
// `code` is a stable kebab-case word ("undefined-identifier"); line and column
// count from 1, 0 where there is none.
struct Diagnostic {
  Severity severity = Severity::kError;
  std::string code;
  std::string file;
  uint32_t line = 0;
  uint32_t column = 0;
  std::string message;
};

using Diagnostics = std::vector<Diagnostic>;

}  // namespace vitrine
