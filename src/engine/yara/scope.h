// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/modules/module.h"
#include "engine/yara/ast.h"
#include "engine/yara/yara.h"

namespace vitrine::engine::yara {

// What the rules of one source can name: each other, modules, external
// variables.
class Scope {
 public:
  explicit Scope(const CompileOptions& options) : options_(options) {}

  // A rule before this one. No index: it had an error.
  struct KnownRule {
    std::optional<uint32_t> index;
  };
  const KnownRule* FindRule(std::string_view name) const;
  // The rules whose names start with `prefix`, by name.
  std::vector<KnownRule> RulesLike(std::string_view prefix) const;
  void AddRule(const std::string& name, std::optional<uint32_t> index);

  // No later rule may have a name that starts so: the set was counted without
  // it.
  void FreezePrefix(const std::string& prefix) { prefixes_.insert(prefix); }
  bool IsFrozen(std::string_view name) const;

  // False: there is no such module.
  bool Import(const std::string& module);
  const modules::Module* FindModule(std::string_view name) const;

  const External* FindExternal(const std::string& name) const;

  bool clamav() const { return options_.dialect == Dialect::kClamav; }

 private:
  const CompileOptions& options_;
  std::map<std::string, KnownRule, std::less<>> rules_;
  std::set<std::string, std::less<>> prefixes_;
  std::map<std::string, const modules::Module*, std::less<>> modules_;
};

}  // namespace vitrine::engine::yara
