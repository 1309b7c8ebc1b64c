// SPDX-License-Identifier: Apache-2.0
#include "engine/scan/rule_runner.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/byte_reader.h"
#include "engine/scan/limits.h"
#include "formats/image/fuzzy_hash.h"

namespace vitrine::engine::scan {
namespace {

std::optional<uint32_t> Word(Bytes bytes, uint32_t offset, uint32_t width) {
  const ByteReader reader(bytes);
  switch (width) {
    case 1:
      return reader.U8(offset);
    case 2:
      return reader.U16(offset);
    default:
      return reader.U32(offset);
  }
}

}  // namespace

RuleRunner::RuleRunner(const vdb::Database& database,
                       const ScanOptions& options, yara::Externals externals,
                       bool profile)
    : database_(database),
      options_(options),
      externals_(std::move(externals)),
      matcher_(database),
      results_(database.rules().size()) {
  if (profile) costs_.resize(database.rules().size());
}

void RuleRunner::SetExternal(const std::string& name, yara::External value) {
  externals_[name] = std::move(value);
}

bool RuleRunner::Sweep(const match::View& view, Object& object,
                       Session& session, crypto::Md5Digest* md5) {
  view_ = view;
  object_ = &object;
  session_ = &session;
  modules_.clear();
  image_hash_.reset();
  rescans_.clear();
  if (++epoch_ > UINT32_MAX >> 1) {
    epoch_ = 1;
    std::fill(results_.begin(), results_.end(), 0u);
  }
  swept_ = matcher_.Sweep(view, session.deadline(), md5);
  return swept_.ok();
}

void RuleRunner::Evaluate(const std::function<bool()>& allowed) {
  const std::string_view path = session_->frame().path;
  if (!swept_.ok()) {
    session_->AddFailure(path, swept_.error());
    // What was touched until then is still worth an answer.
  }
  CollectCandidates();
  bool clamav_found = false;
  for (const uint32_t index : candidates_) {
    const vdb::RuleRecord& rule = database_.rules()[index];
    const bool is_clamav =
        rule.language == static_cast<uint8_t>(ir::Language::kClamav);
    // One name is enough for clamscan's users; YARA's want every rule.
    if (is_clamav && clamav_found && !options_.all_match) continue;
    if (!Holds(index) || (rule.flags & vdb::kRulePrivate) != 0) continue;
    if (!is_clamav && !GlobalsHold(rule)) continue;
    if (allowed()) break;
    session_->AddAlert(MakeAlert(index));
    clamav_found = clamav_found || is_clamav;
  }
  if (!matcher_.status().ok()) {
    session_->AddFailure(path, matcher_.status().error());
  }
  CollectConsole();
}

void RuleRunner::CollectCandidates() {
  candidates_.assign(matcher_.touched().begin(), matcher_.touched().end());
  const auto filter_class = static_cast<uint32_t>(view_.filter_class);
  for (const vdb::AlwaysGroup& group : database_.always_groups()) {
    if ((group.classes >> filter_class & 1) == 0) continue;
    if (group.width != 0 && Word(view_.bytes, 0, group.width) != group.value) {
      continue;
    }
    for (const uint32_t index : database_.RulesOf(group)) {
      const uint32_t targets = database_.rules()[index].targets;
      if ((targets & view_.targets) != 0 && !matcher_.IsTouched(index)) {
        candidates_.push_back(index);
      }
    }
  }
  // In the order of the sources: rules see what rules before them said.
  std::sort(candidates_.begin(), candidates_.end());
}

bool RuleRunner::PrecheckHolds(const vdb::RuleRecord& rule) const {
  const uint64_t size = object_->bytes().size();
  if (size < rule.size_min || size > rule.size_max) return false;
  for (const vdb::WordRecord& word : database_.WordsOf(rule)) {
    if (Word(object_->bytes(), word.offset, word.width) != word.value) {
      return false;
    }
  }
  return true;
}

bool RuleRunner::Holds(uint32_t index) {
  const vdb::RuleRecord& rule = database_.rules()[index];
  results_[index] = epoch_ << 1;
  if (!PrecheckHolds(rule)) return false;

  using Clock = std::chrono::steady_clock;
  const Clock::time_point start =
      costs_.empty() ? Clock::time_point() : Clock::now();
  match::RuleMatches matches(matcher_, database_.PatternsOf(rule));
  const Bytes code = database_.Code(rule.code);
  const Result<bool> holds =
      rule.language == static_cast<uint8_t>(ir::Language::kClamav)
          ? clamav::Evaluate(code, matches, *this)
          : yara::Evaluate(code, matches, *this);
  if (!costs_.empty()) {
    Cost& cost = costs_[index];
    cost.nanoseconds += static_cast<uint64_t>(
        std::chrono::nanoseconds(Clock::now() - start).count());
    ++cost.times;
  }
  if (!holds.ok()) {
    session_->AddFailure(
        session_->frame().path,
        WithContext(holds.error(),
                    "rule " + std::string(database_.Text(rule.name))));
    return false;
  }
  results_[index] = epoch_ << 1 | (holds.value() ? 1u : 0u);
  return holds.value();
}

bool RuleRunner::RuleHolds(uint32_t index) {
  // Rules run in order, so a rule before this one has its result, or was not
  // worth running: then it cannot hold.
  return index < results_.size() && results_[index] == (epoch_ << 1 | 1u);
}

bool RuleRunner::GlobalsHold(const vdb::RuleRecord& rule) {
  const auto globals =
      database_.GlobalsOf(database_.name_spaces()[rule.name_space]);
  return std::all_of(globals.begin(), globals.end(), [&](uint32_t global) {
    if (results_[global] >> 1 == epoch_) return RuleHolds(global);
    // A global rule may come after those it guards.
    return std::binary_search(candidates_.begin(), candidates_.end(), global) &&
           Holds(global);
  });
}

Alert RuleRunner::MakeAlert(uint32_t index) {
  const vdb::RuleRecord& rule = database_.rules()[index];
  Alert alert;
  alert.name = database_.Text(rule.name);
  alert.engine = rule.language == static_cast<uint8_t>(ir::Language::kClamav)
                     ? "clamav"
                     : "yara";
  alert.object = session_->frame().path;
  alert.rule = index;
  for (const vdb::StringRef& tag : database_.TagsOf(rule)) {
    alert.tags.emplace_back(database_.Text(tag));
  }
  for (const vdb::RulePattern& pattern : database_.PatternsOf(rule)) {
    if ((pattern.flags & 1) != 0) continue;
    size_t reported = 0;
    for (const Match& match : matcher_.All(pattern.pattern).matches) {
      if (++reported > kReportedMatchesMax) break;
      alert.strings.push_back({std::string(database_.Text(pattern.id)),
                               match.offset, match.length});
    }
  }
  return alert;
}

modules::ModuleContext& RuleRunner::Module(std::string_view name) {
  const modules::Module* const module = modules::FindModule(name);
  CHECK(module != nullptr);  // The evaluator has looked it up.
  auto& context = modules_[module->name];
  if (context == nullptr) {
    context = std::make_unique<modules::ModuleContext>(*module, *object_);
  }
  return *context;
}

void RuleRunner::CollectConsole() {
  for (const auto& [name, context] : modules_) {
    for (const std::string& line : context->console()) {
      session_->AddConsole(line);
    }
  }
}

const yara::External* RuleRunner::Find(std::string_view external) {
  const auto found = externals_.find(std::string(external));
  return found == externals_.end() ? nullptr : &found->second;
}

std::optional<uint64_t> RuleRunner::ImageHash() {
  if (!image_hash_) {
    image_hash_.emplace();
    if (TargetOf(object_->type()) == 5 && options_.scan_image_fuzzy_hash) {
      const auto hash = image::FuzzyHash(object_->bytes());
      if (hash.ok()) *image_hash_ = hash.value();
    }
  }
  return *image_hash_;
}

std::vector<Bytes> RuleRunner::Icons() {
  std::vector<Bytes> icons;
  for (const vdb::AuxiliaryRecord& record : database_.auxiliaries()) {
    if (record.kind == static_cast<uint32_t>(ir::Auxiliary::Kind::kIcon)) {
      icons.push_back(database_.Code(record.code));
    }
  }
  return icons;
}

}  // namespace vitrine::engine::scan
