// SPDX-License-Identifier: Apache-2.0
#include "tasks/scope.h"

#include <algorithm>

namespace vitrine::tasks {

Result<Scope> Scope::Create(const std::string& mask,
                            std::vector<config::Mask> only,
                            std::vector<config::Mask> exclude) {
  Scope scope;
  scope.only_ = std::move(only);
  scope.exclude_ = std::move(exclude);
  if (mask.empty()) return scope;
  scope.mask_ = TRY(config::Mask::ParsePath(mask));
  if (mask.find("**") != mask.npos || mask.find('\\') != mask.npos) {
    return scope;
  }
  scope.level_ = true;
  for (size_t at = mask.find('/', 1); at != mask.npos;
       at = mask.find('/', at + 1)) {
    scope.beginnings_.push_back(
        TRY(config::Mask::ParsePath(mask.substr(0, at))));
  }
  return scope;
}

bool Scope::TakesFile(const std::string& path, bool inside) const {
  if (!IsInside(path, inside) || config::AnyMatches(exclude_, path))
    return false;
  return only_.empty() || config::AnyMatches(only_, path);
}

bool Scope::Enters(const std::string& path, bool inside) const {
  if (config::AnyMatches(exclude_, path)) return false;
  if (IsInside(path, inside) || !level_) return true;
  const auto parts =
      static_cast<size_t>(std::count(path.begin(), path.end(), '/'));
  return parts <= beginnings_.size() && beginnings_[parts - 1].Matches(path);
}

bool Scope::IsInside(const std::string& path, bool parent_inside) const {
  return parent_inside || !mask_ || mask_->Matches(path);
}

}  // namespace vitrine::tasks
