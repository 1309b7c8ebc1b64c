// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace vitrine::engine::clamav {

// Why a line cannot be taken. `code` is a stable word for Diagnostic::code.
struct Refusal {
  const char* code;
  std::string message;
  uint32_t column = 0;  // From 1; 0 where it is not known.
};

// What became of a line: nothing to say (taken, or skipped as clamscan skips
// lines meant for other versions), or why it was refused.
using LineResult = std::optional<Refusal>;

inline constexpr std::nullopt_t kTaken = std::nullopt;
inline constexpr std::nullopt_t kSkipped = std::nullopt;

inline LineResult Refuse(const char* code, std::string message) {
  return Refusal{code, std::move(message)};
}

}  // namespace vitrine::engine::clamav
