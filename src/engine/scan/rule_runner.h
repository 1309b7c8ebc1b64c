// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/clamav/clamav.h"
#include "engine/match/matcher.h"
#include "engine/modules/module.h"
#include "engine/scan/expression_cache.h"
#include "engine/scan/session.h"
#include "engine/vdb/database.h"
#include "engine/yara/yara.h"

namespace vitrine::engine::scan {

// Evaluates a database's rules over views. Thread-compatible: one a thread.
class RuleRunner final : private yara::Environment,
                         private clamav::Environment {
 public:
  RuleRunner(const vdb::Database& database, const ScanOptions& options,
             yara::Externals externals, bool profile);

  void SetExternal(const std::string& name, yara::External value);

  // First half of the work on `view`, which lies in `object`: one pass over its
  // bytes. All three must live until Evaluate() is done. `md5`, if not null,
  // becomes the MD5 of the bytes; false, and it does not, where time was up.
  bool Sweep(const match::View& view, Object& object, Session& session,
             crypto::Md5Digest* md5 = nullptr);
  // Second half: every alert of the view goes to the session under the path of
  // its current frame, unless `allowed` says that the object is known to be
  // good. `allowed` is asked only when there is something to suppress.
  void Evaluate(const std::function<bool()>& allowed);

  // Types that HandlerType conditions asked for in the last Evaluate().
  const std::vector<FileType>& rescans() const { return rescans_; }

  struct Cost {
    uint64_t nanoseconds = 0;
    uint64_t times = 0;
  };
  // By rule number; empty unless profiling.
  const std::vector<Cost>& costs() const { return costs_; }

 private:
  // yara::Environment and clamav::Environment.
  Object& object() override { return *object_; }
  modules::ModuleContext& Module(std::string_view name) override;
  bool RuleHolds(uint32_t index) override;
  const yara::External* Find(std::string_view external) override;
  Deadline deadline() override { return session_->deadline(); }
  Result<bool> Matches(Bytes expression, Bytes text) override {
    return expressions_.Matches(expression, text, deadline());
  }
  Bytes view() override { return view_.bytes; }
  const ScanOptions& options() override { return options_; }
  std::vector<Bytes> Icons() override;
  std::optional<uint64_t> ImageHash() override;
  void Rescan(FileType type) override { rescans_.push_back(type); }

  void CollectCandidates();
  bool PrecheckHolds(const vdb::RuleRecord& rule) const;
  bool Holds(uint32_t index);
  bool GlobalsHold(const vdb::RuleRecord& rule);
  Alert MakeAlert(uint32_t index);
  void CollectConsole();

  const vdb::Database& database_;
  const ScanOptions& options_;
  yara::Externals externals_;
  match::Matcher matcher_;
  ExpressionCache expressions_;
  std::vector<Cost> costs_;

  // Of the view at work.
  match::View view_;
  Object* object_ = nullptr;
  Session* session_ = nullptr;
  Status swept_ = Ok();
  std::map<std::string_view, std::unique_ptr<modules::ModuleContext>> modules_;
  std::optional<std::optional<uint64_t>> image_hash_;
  std::vector<uint32_t> candidates_;
  std::vector<FileType> rescans_;
  uint32_t epoch_ = 0;
  std::vector<uint32_t> results_;  // epoch << 1 | holds, by rule.
};

}  // namespace vitrine::engine::scan
