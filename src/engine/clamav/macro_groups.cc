// SPDX-License-Identifier: Apache-2.0
#include "engine/clamav/macro_groups.h"

#include <algorithm>

#include "base/code.h"
#include "engine/clamav/limits.h"

namespace vitrine::engine::clamav {

bool MacroGroups::AddMember(int target, uint32_t group, ir::Pattern pattern) {
  std::vector<ir::Pattern>& members = members_[{target, group}];
  if (members.size() >= kMacroMembersMax) return false;
  members.push_back(std::move(pattern));
  return true;
}

void MacroGroups::AddUse(size_t rule, size_t at, int target, uint32_t group) {
  uses_.push_back({rule, at, {target, group}});
}

void MacroGroups::Resolve(ir::Program& program) const {
  for (const Use& use : uses_) {
    const auto members = members_.find(use.group);
    if (members == members_.end()) continue;
    ir::Rule& rule = program.rules[use.rule];
    CodeWriter place;
    place.U32(static_cast<uint32_t>(rule.patterns.size()));
    place.U32(static_cast<uint32_t>(members->second.size()));
    const ByteVector bytes = place.Take();
    std::copy(bytes.begin(), bytes.end(),
              rule.code.begin() + static_cast<std::ptrdiff_t>(use.at));
    rule.patterns.insert(rule.patterns.end(), members->second.begin(),
                         members->second.end());
  }
}

}  // namespace vitrine::engine::clamav
