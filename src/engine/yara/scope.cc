// SPDX-License-Identifier: Apache-2.0
#include "engine/yara/scope.h"

namespace vitrine::engine::yara {

const Scope::KnownRule* Scope::FindRule(std::string_view name) const {
  const auto found = rules_.find(name);
  return found == rules_.end() ? nullptr : &found->second;
}

std::vector<Scope::KnownRule> Scope::RulesLike(std::string_view prefix) const {
  std::vector<KnownRule> result;
  for (auto it = rules_.lower_bound(prefix);
       it != rules_.end() && it->first.starts_with(prefix); ++it) {
    result.push_back(it->second);
  }
  return result;
}

void Scope::AddRule(const std::string& name, std::optional<uint32_t> index) {
  rules_.emplace(name, KnownRule{index});
}

bool Scope::IsFrozen(std::string_view name) const {
  for (size_t size = 0; size <= name.size(); ++size) {
    if (prefixes_.count(name.substr(0, size)) > 0) return true;
  }
  return false;
}

bool Scope::Import(const std::string& module) {
  const modules::Module* found = modules::FindModule(module);
  if (found == nullptr) return false;
  modules_[module] = found;
  return true;
}

const modules::Module* Scope::FindModule(std::string_view name) const {
  const auto found = modules_.find(name);
  return found == modules_.end() ? nullptr : found->second;
}

const External* Scope::FindExternal(const std::string& name) const {
  if (clamav()) return nullptr;
  const auto found = options_.externals.find(name);
  return found == options_.externals.end() ? nullptr : &found->second;
}

}  // namespace vitrine::engine::yara
