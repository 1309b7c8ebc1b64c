// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "engine/ir/program.h"

namespace vitrine::engine::clamav {

// Body signatures with the offset `$group` are no rules of their own, but
// members of a group that logical signatures look for behind a match
// (`${min-max}group$`, reference §2.5). Both may come first, and from
// different files; so they are put together at the end.
class MacroGroups {
 public:
  static constexpr uint32_t kGroupsMax = 32;

  // False: the group is full.
  [[nodiscard]] bool AddMember(int target, uint32_t group, ir::Pattern pattern);

  // Rule number `rule`, made for `target`, has eight bytes in its code at
  // `at` for where its members' patterns are.
  void AddUse(size_t rule, size_t at, int target, uint32_t group);

  // Gives every rule that uses a group the patterns of all its members. Once,
  // when everything was read.
  void Resolve(ir::Program& program) const;

 private:
  using Group = std::pair<int, uint32_t>;  // Target, number.
  struct Use {
    size_t rule;
    size_t at;
    Group group;
  };

  std::map<Group, std::vector<ir::Pattern>> members_;
  std::vector<Use> uses_;
};

}  // namespace vitrine::engine::clamav
