// SPDX-License-Identifier: Apache-2.0
#include "engine/clamav/context.h"

#include "engine/clamav/clamav.h"
#include "engine/clamav/fields.h"

namespace vitrine::engine::clamav {

std::optional<bool> LevelsFit(std::string_view min, std::string_view max,
                              bool has_max) {
  const auto low = Digits(min);
  if (!low) return std::nullopt;
  if (*low > kFunctionalityLevel) return false;
  if (!has_max) return true;
  const auto high = Digits(max);
  if (!high) return std::nullopt;
  return *high >= kFunctionalityLevel;
}

}  // namespace vitrine::engine::clamav
