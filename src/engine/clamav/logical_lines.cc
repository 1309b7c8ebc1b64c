// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/code.h"
#include "engine/clamav/expression.h"
#include "engine/clamav/limits.h"
#include "engine/clamav/lines.h"
#include "engine/clamav/rule_code.h"
#include "engine/clamav/subsignature.h"
#include "engine/clamav/target_block.h"

// .ldb .ldu: Name;TargetBlock;Expression;Sub0[;Sub1...]
namespace vitrine::engine::clamav {
namespace {

// A semicolon between slashes belongs to a regular expression. Stops after one
// field more than a signature may have.
std::vector<std::string_view> SplitLogical(std::string_view line) {
  std::vector<std::string_view> out;
  bool in_expression = false;
  size_t begin = 0;
  size_t at = 0;
  for (; at < line.size(); ++at) {
    if (line[at] == ';' && !in_expression) {
      out.push_back(line.substr(begin, at - begin));
      begin = at + 1;
      if (out.size() > kSubsignaturesMax + 3) return out;
      // Name and target block may hold slashes.
    } else if (line[at] == '/' && out.size() >= 2 && line[at - 1] != '\\') {
      in_expression = !in_expression;
    }
  }
  out.push_back(line.substr(begin));
  return out;
}

LineResult RefuseFor(const char* code, Error error) {
  return Refuse(code, std::move(error.message));
}

class LogicalBuilder {
 public:
  LogicalBuilder(TargetBlock block, Expression expression)
      : block_(std::move(block)), expression_(std::move(expression)) {}

  void Add(Subsignature subsignature) {
    subsignatures_.push_back(std::move(subsignature));
  }

  ir::Rule Build() {
    MarkUsed(expression_);
    // Triggers name earlier subsignatures; byte comparisons any, but then one
    // that has no trigger itself.
    for (size_t i = subsignatures_.size(); i-- > 0;) MarkTriggers(i);
    for (const Subsignature& sub : subsignatures_) AddLeaf(sub);
    ir::Rule rule;
    rule.targets = ir::TargetMask{1} << block_.target;
    rule.language = ir::Language::kClamav;
    rule.gate =
        GateOf(expression_, [this](uint32_t id) { return leaves_[id]; });
    if (block_.file_size) {
      rule.precheck.size_min = block_.file_size->min;
      rule.precheck.size_max = block_.file_size->max;
    }
    WriteCode(rule);
    return rule;
  }

  // To be called with the number that the rule is going to have.
  void ReportMacros(size_t rule, MacroGroups& macros) const {
    for (const MacroUse& use : macros_) {
      macros.AddUse(rule, use.at, block_.target, use.group);
    }
  }

 private:
  void MarkUsed(const Expression& expression) {
    ForEachId(expression, [this](uint32_t id) { used_ |= Bit(id); });
  }

  void MarkTriggers(size_t index) {
    if ((used_ & Bit(static_cast<uint32_t>(index))) == 0) return;
    const Subsignature& sub = subsignatures_[index];
    if (const auto* pcre = std::get_if<PcreSubsignature>(&sub)) {
      MarkUsed(pcre->trigger);
    } else if (const auto* compare = std::get_if<ByteCompare>(&sub)) {
      if (compare->trigger < subsignatures_.size()) {
        used_ |= Bit(compare->trigger);
      }
    } else if (std::holds_alternative<Macro>(sub) && index > 0) {
      used_ |= Bit(static_cast<uint32_t>(index) - 1);
    }
  }

  static uint64_t Bit(uint32_t id) { return uint64_t{1} << id; }

  // Patterns are numbered by the subsignatures that are used.
  uint32_t PatternNumber(uint32_t id) const {
    uint32_t number = 0;
    for (uint32_t i = 0; i < id; ++i) {
      if ((used_ & Bit(i)) != 0 &&
          std::holds_alternative<ir::Pattern>(subsignatures_[i])) {
        ++number;
      }
    }
    return number;
  }

  ir::Gate PatternGate(uint32_t id) const {
    ir::Gate gate;
    gate.kind = ir::Gate::Kind::kPattern;
    gate.index = PatternNumber(id);
    return gate;
  }

  // The gate of the next subsignature: what must hold for it to match.
  void AddLeaf(const Subsignature& sub) {
    ir::Gate gate;
    if (std::holds_alternative<ir::Pattern>(sub)) {
      gate = PatternGate(static_cast<uint32_t>(leaves_.size()));
    } else if (const auto* pcre = std::get_if<PcreSubsignature>(&sub)) {
      gate = GateOf(pcre->trigger,
                    [this](uint32_t trigger) { return leaves_[trigger]; });
      // Triggers of triggers can double at each step.
      if (SizeOf(gate) > kGateNodesMax) gate = ir::Gate{};
    } else if (const auto* compare = std::get_if<ByteCompare>(&sub)) {
      const bool content =
          compare->trigger < subsignatures_.size() &&
          std::holds_alternative<ir::Pattern>(subsignatures_[compare->trigger]);
      if (content) {
        gate = PatternGate(compare->trigger);
      } else {
        gate.kind = ir::Gate::Kind::kNever;
      }
    } else if (std::holds_alternative<Macro>(sub)) {
      // Its anchor is the subsignature before it.
      if (leaves_.empty()) {
        gate.kind = ir::Gate::Kind::kNever;
      } else {
        gate = leaves_.back();
      }
    }
    leaves_.push_back(std::move(gate));
  }

  static size_t SizeOf(const ir::Gate& gate) {
    size_t size = 1;
    for (const ir::Gate& child : gate.children) size += SizeOf(child);
    return size;
  }

  void WriteCode(ir::Rule& rule) {
    CodeWriter out;
    out.U8(static_cast<uint8_t>(RuleForm::kLogical));
    WriteTargetBlock(block_, out);
    WriteExpression(expression_, out);
    out.U8(static_cast<uint8_t>(subsignatures_.size()));
    for (uint32_t i = 0; i < subsignatures_.size(); ++i) {
      const bool used = (used_ & Bit(i)) != 0;
      WriteSubsignature(i, used, rule, out);
    }
    rule.code = out.Take();
  }

  void WriteSubsignature(uint32_t id, bool used, ir::Rule& rule,
                         CodeWriter& out) {
    Subsignature& sub = subsignatures_[id];
    SubsignatureKind kind = SubsignatureKind::kUnused;
    CodeWriter body;
    if (!used) {
      // Was only looked at to be sure that it is right.
    } else if (auto* pattern = std::get_if<ir::Pattern>(&sub)) {
      kind = SubsignatureKind::kPattern;
      body.Varint(rule.patterns.size());
      rule.patterns.push_back(std::move(*pattern));
    } else if (const auto* pcre = std::get_if<PcreSubsignature>(&sub)) {
      kind = SubsignatureKind::kPcre;
      WritePcre(*pcre, body);
    } else if (const auto* compare = std::get_if<ByteCompare>(&sub)) {
      kind = SubsignatureKind::kByteCompare;
      WriteByteCompare(*compare, body);
    } else if (const auto* image = std::get_if<FuzzyImage>(&sub)) {
      kind = SubsignatureKind::kFuzzyImage;
      body.U64(image->hash);
    } else if (const auto* macro = std::get_if<Macro>(&sub); id > 0) {
      kind = SubsignatureKind::kMacro;
      WriteMacro({.anchor = id - 1, .min = macro->min, .max = macro->max},
                 body);
    }
    out.U8(static_cast<uint8_t>(kind));
    out.Counted(body.Take());
    if (kind == SubsignatureKind::kMacro) {
      constexpr size_t kPlace = 8;
      macros_.push_back({out.size() - kPlace, std::get<Macro>(sub).group});
    }
  }

  struct MacroUse {
    size_t at;  // In the code.
    uint32_t group;
  };

  TargetBlock block_;
  Expression expression_;
  std::vector<MacroUse> macros_;
  std::vector<Subsignature> subsignatures_;
  std::vector<ir::Gate> leaves_;  // By subsignature.
  uint64_t used_ = 0;
};

}  // namespace

LineResult ReadLogical(std::string_view line, Context& context) {
  const std::vector<std::string_view> fields = SplitLogical(line);
  if (fields.size() < 4) {
    return Refuse("bad-field-count",
                  "a logical signature has at least four fields");
  }
  if (fields.size() > kSubsignaturesMax + 3) {
    return Refuse("too-many-subsignatures",
                  "a logical signature has at most 64 subsignatures");
  }
  const std::string_view name = fields[0];
  if (context.Ignores(name)) return kSkipped;
  if (name.empty()) return Refuse("bad-name", "signature without a name");
  Result<Expression> expression = ParseExpression(fields[2]);
  if (!expression.ok()) {
    return RefuseFor("bad-expression", std::move(expression).error());
  }
  const size_t expected = HighestId(expression.value()) + size_t{1};
  if (fields.size() - 3 != expected) {
    return Refuse("wrong-subsignature-count",
                  "the expression names " + std::to_string(expected) +
                      " subsignatures, but there are " +
                      std::to_string(fields.size() - 3));
  }
  Result<TargetBlock> block = ParseTargetBlock(fields[1]);
  if (!block.ok()) {
    if (block.error().code == Code::kNotFound) return kSkipped;
    return RefuseFor("bad-target-block", std::move(block).error());
  }
  const int target = block.value().target;
  LogicalBuilder builder(std::move(block).value(),
                         std::move(expression).value());
  for (size_t i = 3; i < fields.size(); ++i) {
    const auto number = static_cast<uint32_t>(i - 3);
    Result<Subsignature> sub = ParseSubsignature(fields[i], number, target);
    if (!sub.ok()) {
      if (sub.error().code == Code::kNotFound) return kSkipped;
      Refusal refusal{"bad-subsignature", "subsignature " +
                                              std::to_string(number) + ": " +
                                              sub.error().message};
      refusal.column =
          static_cast<uint32_t>(fields[i].data() - line.data()) + 1;
      return refusal;
    }
    builder.Add(std::move(sub).value());
  }
  ir::Rule rule = builder.Build();
  rule.name = name;
  rule.source = context.source;
  builder.ReportMacros(context.program.rules.size(), context.macros);
  context.program.rules.push_back(std::move(rule));
  return kTaken;
}

}  // namespace vitrine::engine::clamav
