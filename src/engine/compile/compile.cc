// SPDX-License-Identifier: Apache-2.0
#include "engine/compile/compile.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <unordered_map>

#include "engine/compile/atoms.h"
#include "engine/compile/cover.h"
#include "engine/compile/filter_tables.h"
#include "engine/compile/hash_tables.h"
#include "engine/compile/heads.h"
#include "engine/compile/limits.h"
#include "engine/compile/pools.h"
#include "engine/vdb/database.h"
#include "engine/vdb/limits.h"

namespace vitrine::engine::compile {
namespace {

using vdb::FilterClass;
using vdb::kFilterClasses;

constexpr double kInfinite = std::numeric_limits<double>::infinity();

template <typename T>
uint32_t Size(const std::vector<T>& list) {
  return static_cast<uint32_t>(list.size());
}

// Whether views of this class are looked at by rules of `targets`. HTML rules
// see raw bytes too where normalisation is off; such HTML is of class kRaw.
bool IsIn(FilterClass filter_class, ir::TargetMask targets) {
  constexpr ir::TargetMask kPe = 1u << 1;
  constexpr ir::TargetMask kHtml = 1u << 3;
  constexpr ir::TargetMask kElf = 1u << 6;
  constexpr ir::TargetMask kText = 1u << 7;
  switch (filter_class) {
    case FilterClass::kPe:
      return (targets & (ir::kTargetAny | ir::kTargetYara | kPe)) != 0;
    case FilterClass::kElf:
      return (targets & (ir::kTargetAny | ir::kTargetYara | kElf)) != 0;
    case FilterClass::kText:
      return (targets & (ir::kTargetAny | ir::kTargetYara)) != 0;
    case FilterClass::kRaw:
      return (targets & ~(kPe | kElf | kText)) != 0;
    case FilterClass::kNormalised:
      return (targets & (ir::kTargetAny | kHtml | kText)) != 0;
  }
  return true;
}

// From which cost of its gate on the evidence for a rule of ClamAV's is worth
// looking for. Most of its rules are for PE files, and many for documents.
double EvidenceGateCost(FilterClass filter_class) {
  switch (filter_class) {
    case FilterClass::kPe:
    case FilterClass::kRaw:
      return kEvidenceGateCost;
    case FilterClass::kElf:
    case FilterClass::kText:
    case FilterClass::kNormalised:
      return kEvidenceGateCostOfFew;
  }
  return kEvidenceGateCost;
}

// A pattern as it is being compiled; equal code is one pattern.
struct PatternWork {
  vdb::PatternRecord record = {};
  std::array<AtomSet, kFilterClasses> atoms;
  std::vector<uint32_t> gate;  // Rules, rising.
};

class Compiler {
 public:
  Compiler(const ir::Program& program, const Rarity& rarity)
      : program_(program), rarity_(rarity) {}

  Result<ByteVector> Run() {
    for (const std::string& file : program_.files) {
      files_.push_back(strings_.Add(file));
    }
    // A program made in memory may name no file.
    if (files_.empty()) files_.push_back(strings_.Add(""));
    for (const ir::Rule& rule : program_.rules) AddRule(rule);
    for (uint32_t i = 0; i < rules_.size(); ++i) GateRule(i);
    for (uint32_t i = 0; i < rules_.size(); ++i) AddEvidence(i);
    LayAlways();
    LayGlobals();
    LayPatterns();
    TRY(filter_.Finish());
    for (const ir::Auxiliary& auxiliary : program_.auxiliaries) {
      auxiliaries_.push_back({strings_.Add(auxiliary.name),
                              code_.Add(auxiliary.code), auxiliary.source.file,
                              auxiliary.source.line,
                              static_cast<uint32_t>(auxiliary.kind), 0});
    }
    return Write();
  }

 private:
  void AddRule(const ir::Rule& rule) {
    vdb::RuleRecord record = {};
    record.name = strings_.Add(rule.name);
    record.code = code_.Add(rule.code);
    record.patterns = {Size(rule_patterns_), Size(rule.patterns)};
    for (const ir::Pattern& pattern : rule.patterns) {
      rule_patterns_.push_back({strings_.Add(pattern.id), AddPattern(pattern),
                                pattern.is_private ? 1u : 0u});
    }
    record.words = {Size(words_), Size(rule.precheck.words)};
    for (const auto& word : rule.precheck.words) {
      words_.push_back({word.offset, word.width, word.value});
    }
    record.tags = {Size(tags_), Size(rule.tags)};
    for (const std::string& tag : rule.tags) tags_.push_back(strings_.Add(tag));
    AddMetadata(rule, record);
    record.size_min = rule.precheck.size_min;
    record.size_max = rule.precheck.size_max;
    record.file = rule.source.file;
    record.line = rule.source.line;
    record.name_space = rule.name_space;
    record.targets =
        rule.language == ir::Language::kYara ? ir::kTargetYara : rule.targets;
    record.language = static_cast<uint8_t>(rule.language);
    record.flags =
        static_cast<uint8_t>((rule.is_global ? vdb::kRuleGlobal : 0) |
                             (rule.is_private ? vdb::kRulePrivate : 0));
    rules_.push_back(record);
  }

  void AddMetadata(const ir::Rule& rule, vdb::RuleRecord& record) {
    record.metadata = {Size(metadata_), Size(rule.metadata)};
    for (const ir::Metadata& item : rule.metadata) {
      vdb::MetadataRecord out = {};
      out.key = strings_.Add(item.key);
      if (const auto* number = std::get_if<int64_t>(&item.value)) {
        out.number = *number;
      } else if (const auto* flag = std::get_if<bool>(&item.value)) {
        out.number = *flag ? 1 : 0;
        out.type = 1;
      } else {
        out.text = strings_.Add(std::get<std::string>(item.value));
        out.type = 2;
      }
      metadata_.push_back(out);
    }
  }

  uint32_t AddPattern(const ir::Pattern& pattern) {
    const vdb::CodeRef code = code_.Add(pattern.code);
    const auto key =
        std::tuple(static_cast<uint8_t>(pattern.kind), code.offset, code.size);
    const auto [found, is_new] =
        pattern_numbers_.try_emplace(key, Size(patterns_));
    if (is_new) {
      PatternWork work;
      work.record.code = code;
      work.record.kind = static_cast<uint8_t>(pattern.kind);
      work.atoms = ChooseAtoms(pattern, rarity_);
      patterns_.push_back(std::move(work));
    }
    return found->second;
  }

  // Whether views of a class are swept for rule `index`.
  bool IsSweptFor(uint32_t filter_class, uint32_t index) const {
    const auto* const word = FirstWord(program_.rules[index]);
    const auto in = static_cast<FilterClass>(filter_class);
    return IsIn(in, rules_[index].targets) &&
           (word == nullptr || !IsForeignTo(in, *word));
  }

  // Registers, for each class, the patterns that must wake rule `index`.
  void GateRule(uint32_t index) {
    vdb::RuleRecord& rule = rules_[index];
    std::array<const Cover*, kFilterClasses> covers = {};
    uint32_t foreign = 0;
    for (uint32_t i = 0; i < kFilterClasses; ++i) {
      if (!IsIn(static_cast<FilterClass>(i), rule.targets)) continue;
      if (!IsSweptFor(i, index)) {
        foreign |= 1u << i;
        continue;
      }
      covers[i] = &CoverOf(i, index);
      if (!std::isfinite(covers[i]->cost)) {
        AddUngated(index, vdb::kAllClasses);
        return;
      }
    }
    if (foreign != 0) AddUngated(index, foreign);
    rule.flags |= vdb::kRuleGated;
    for (uint32_t i = 0; i < kFilterClasses; ++i) {
      if (covers[i] == nullptr) continue;
      for (const uint32_t number : covers[i]->patterns) {
        PatternWork& pattern = patterns_[number];
        if (pattern.gate.empty() || pattern.gate.back() != index) {
          pattern.gate.push_back(index);
        }
        LookFor(i, number);
      }
    }
  }

  // Has the sweep notice pattern `number` in views of a class.
  void LookFor(uint32_t filter_class, uint32_t number) {
    PatternWork& pattern = patterns_[number];
    if ((pattern.record.classes >> filter_class & 1) != 0) return;
    pattern.record.classes =
        static_cast<uint8_t>(pattern.record.classes | 1u << filter_class);
    filter_.Add(static_cast<FilterClass>(filter_class), number,
                pattern.atoms[filter_class]);
  }

  // Of YARA's rules, and of ClamAV's that are woken often.
  void AddEvidence(uint32_t index) {
    const vdb::RuleRecord& rule = rules_[index];
    const bool is_yara =
        rule.language == static_cast<uint8_t>(ir::Language::kYara);
    for (uint32_t i = 0; i < kFilterClasses; ++i) {
      if (!IsSweptFor(i, index)) continue;
      if (!is_yara && CoverOf(i, index).cost <
                          EvidenceGateCost(static_cast<FilterClass>(i))) {
        continue;
      }
      for (uint32_t j = 0; j < rule.patterns.count; ++j) {
        const uint32_t number = rule_patterns_[rule.patterns.begin + j].pattern;
        const AtomSet& atoms = patterns_[number].atoms[i];
        if (atoms.cost <= kEvidenceFrequencyMax && !atoms.is_dear()) {
          LookFor(i, number);
        }
      }
    }
  }

  const Cover& CoverOf(uint32_t filter_class, uint32_t index) {
    auto& memo = covers_[filter_class];
    const auto found = memo.find(index);
    if (found != memo.end()) return found->second;
    // A rule may only refer to rules before it, so this ends; a chain too long
    // for the stack is taken as "always".
    if (depth_ > 200) return kAlways;
    ++depth_;
    const auto patterns = std::span(rule_patterns_)
                              .subspan(rules_[index].patterns.begin,
                                       rules_[index].patterns.count);
    const std::function<PatternCost(uint32_t)> cost = [&](uint32_t pattern) {
      CHECK(pattern < patterns.size());
      const uint32_t number = patterns[pattern].pattern;
      return PatternCost{number, patterns_[number].atoms[filter_class].cost};
    };
    const std::function<Cover(uint32_t)> rule = [&](uint32_t other) {
      return other < index ? CoverOf(filter_class, other) : kAlways;
    };
    Cover cover = CheapestCover(program_.rules[index].gate, cost, rule);
    --depth_;
    return memo.emplace(index, std::move(cover)).first->second;
  }

  // Has rule `index` evaluated in views of `classes` by its first word alone.
  void AddUngated(uint32_t index, uint32_t classes) {
    UngatedKey key = {classes, 0, 0};
    if (const auto* const word = FirstWord(program_.rules[index])) {
      key = {classes, word->width, word->value};
    }
    ungated_[key].push_back(index);
  }

  void LayAlways() {
    for (const auto& [key, rules] : ungated_) {
      const auto [classes, width, value] = key;
      always_groups_.push_back(
          {width, value, {Size(always_), Size(rules)}, classes});
      always_.insert(always_.end(), rules.begin(), rules.end());
    }
  }

  void LayGlobals() {
    std::map<uint32_t, std::vector<uint32_t>> globals;
    uint32_t spaces = std::max(program_.name_spaces, 1u);
    for (uint32_t i = 0; i < rules_.size(); ++i) {
      spaces = std::max(spaces, rules_[i].name_space + 1);
      if ((rules_[i].flags & vdb::kRuleGlobal) != 0) {
        globals[rules_[i].name_space].push_back(i);
      }
    }
    name_spaces_.resize(spaces);
    for (const auto& [space, rules] : globals) {
      name_spaces_[space].globals = {Size(globals_), Size(rules)};
      globals_.insert(globals_.end(), rules.begin(), rules.end());
    }
  }

  void LayPatterns() {
    for (PatternWork& pattern : patterns_) {
      pattern.record.gate = {Size(gate_rules_), Size(pattern.gate)};
      gate_rules_.insert(gate_rules_.end(), pattern.gate.begin(),
                         pattern.gate.end());
      pattern_records_.push_back(pattern.record);
    }
  }

  Result<ByteVector> Write() {
    using vdb::SectionId;
    const HashTables hashes = LayHashTables(program_.hashes, strings_);
    vdb::ImageWriter writer;
    writer.Add(SectionId::kStrings, strings_.bytes());
    writer.Add(SectionId::kFiles, files_);
    writer.Add(SectionId::kRules, rules_);
    writer.Add(SectionId::kRulePatterns, rule_patterns_);
    writer.Add(SectionId::kPatterns, pattern_records_);
    writer.Add(SectionId::kCode, code_.bytes());
    writer.Add(SectionId::kGateRules, gate_rules_);
    writer.Add(SectionId::kWords, words_);
    writer.Add(SectionId::kTags, tags_);
    writer.Add(SectionId::kMetadata, metadata_);
    writer.Add(SectionId::kAlways, always_);
    writer.Add(SectionId::kAlwaysGroups, always_groups_);
    writer.Add(SectionId::kNameSpaces, name_spaces_);
    writer.Add(SectionId::kGlobals, globals_);
    writer.Add(SectionId::kLiterals, filter_.literals);
    writer.Add(SectionId::kFilters, filter_.filters);
    writer.Add(SectionId::kFilterBits, filter_.bits);
    writer.Add(SectionId::kFilterBuckets, filter_.buckets);
    writer.Add(SectionId::kFilterGrams, filter_.grams);
    writer.Add(SectionId::kAtoms, filter_.atoms);
    writer.Add(SectionId::kHashTables, hashes.tables);
    writer.Add(SectionId::kHashDigests, hashes.digests);
    writer.Add(SectionId::kHashEntries, hashes.entries);
    writer.Add(SectionId::kHashSizes, hashes.sizes);
    writer.Add(SectionId::kAuxiliaries, auxiliaries_);
    ByteVector image = writer.Finish();
    if (image.size() > vdb::kImageSizeMax ||
        strings_.bytes().size() > UINT32_MAX ||
        code_.bytes().size() > UINT32_MAX) {
      return Error{Code::kLimit, "the database would be larger than 4 GiB"};
    }
    return image;
  }

  static inline const Cover kAlways = {{}, kInfinite};

  const ir::Program& program_;
  const Rarity& rarity_;
  StringPool strings_;
  CodePool code_;
  FilterTables filter_;
  std::vector<PatternWork> patterns_;
  std::map<std::tuple<uint8_t, uint32_t, uint32_t>, uint32_t> pattern_numbers_;
  std::unordered_map<uint32_t, Cover> covers_[kFilterClasses];
  int depth_ = 0;
  using UngatedKey = std::tuple<uint32_t, uint32_t, uint32_t>;
  std::map<UngatedKey, std::vector<uint32_t>> ungated_;

  std::vector<vdb::StringRef> files_;
  std::vector<vdb::RuleRecord> rules_;
  std::vector<vdb::RulePattern> rule_patterns_;
  std::vector<vdb::PatternRecord> pattern_records_;
  std::vector<uint32_t> gate_rules_;
  std::vector<vdb::WordRecord> words_;
  std::vector<vdb::StringRef> tags_;
  std::vector<vdb::MetadataRecord> metadata_;
  std::vector<uint32_t> always_;
  std::vector<vdb::AlwaysGroup> always_groups_;
  std::vector<vdb::NameSpaceRecord> name_spaces_;
  std::vector<uint32_t> globals_;
  std::vector<vdb::AuxiliaryRecord> auxiliaries_;
};

}  // namespace

Result<ByteVector> Compile(const ir::Program& program) {
  return Compiler(program, Rarity::BuiltIn()).Run();
}

}  // namespace vitrine::engine::compile
