// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/clamav/ignore_list.h"
#include "engine/clamav/macro_groups.h"
#include "engine/clamav/refusal.h"
#include "engine/ir/program.h"

namespace vitrine::engine::clamav {

// What a line is read into.
struct Context {
  ir::Program& program;
  const IgnoreList& ignored;
  IgnoreList& ignoring;  // The same, for lists of what to ignore.
  MacroGroups& macros;
  ir::Source source;      // Of the line at hand.
  std::string_view line;  // All of it: what an .ign2 digest is over.

  bool Ignores(std::string_view name) const {
    return !ignored.empty() && ignored.Contains(name, line);
  }
};

// Whether a line with these level fields ("" where absent) is meant for us.
// nullopt: a field is no number.
std::optional<bool> LevelsFit(std::string_view min, std::string_view max,
                              bool has_max);

}  // namespace vitrine::engine::clamav
