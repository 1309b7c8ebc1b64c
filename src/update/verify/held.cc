// SPDX-License-Identifier: Apache-2.0
#include "update/verify/held.h"

#include "update/release/leaf.h"
#include "update/release/limits.h"
#include "update/release/line_reader.h"

namespace vitrine::update {

Result<Held> ParseHeld(std::string_view text) {
  Held held;
  LineReader lines(text);
  while (const auto line = lines.TakeLine()) {
    const size_t blank = line->find(' ');
    const auto version =
        blank == line->npos
            ? std::nullopt
            : CanonicalNumber(line->substr(blank + 1), kNumberMax);
    if (!version || !IsRoleName(line->substr(0, blank))) {
      return Error{Code::kInvalid, "held: role and version"};
    }
    held.emplace(line->substr(0, blank), *version);
  }
  if (FormatHeld(held) != text) {
    return Error{Code::kInvalid, "held: another spelling"};
  }
  return held;
}

std::string FormatHeld(const Held& held) {
  std::string text;
  for (const auto& [role, version] : held) {
    text += role + ' ' + std::to_string(version) + '\n';
  }
  return text;
}

}  // namespace vitrine::update
