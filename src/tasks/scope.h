// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/mask.h"

namespace vitrine::tasks {

// Which names below a target belong to it. Immutable.
class Scope {
 public:
  // `mask` as Target has it; kInvalid where it is none.
  static Result<Scope> Create(const std::string& mask,
                              std::vector<config::Mask> only,
                              std::vector<config::Mask> exclude);

  bool TakesFile(const std::string& path, bool inside) const;
  // Whether to look into a folder, or it cannot hold anything that belongs.
  bool Enters(const std::string& path, bool inside) const;
  // Whether all below this name belongs.
  bool IsInside(const std::string& path, bool parent_inside) const;

 private:
  Scope() = default;

  std::optional<config::Mask> mask_;
  // Whether all that the mask matches lies as deep as the mask is: without
  // `**`.
  bool level_ = false;
  std::vector<config::Mask> beginnings_;  // Its first one, two, ... parts.
  std::vector<config::Mask> only_;
  std::vector<config::Mask> exclude_;
};

}  // namespace vitrine::tasks
