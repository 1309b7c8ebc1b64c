// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engine/body/body.h"
#include "engine/body/offset.h"
#include "engine/clamav/fields.h"
#include "engine/clamav/lines.h"
#include "engine/clamav/rule_code.h"

// .ndb .ndu .sdb: Name:Target:Offset:HexSig[:min[:max]]
// .db:            Name=HexSig
namespace vitrine::engine::clamav {
namespace {

constexpr uint32_t kTargetsEnd = 15;

LineResult RefusePattern(Error error) {
  if (error.code == Code::kNotFound) return kSkipped;
  return Refuse("bad-pattern", std::move(error.message));
}

// `$group`: found by the logical signatures that name the group.
LineResult AddMember(uint32_t target, std::string_view offset,
                     std::string_view hex, Context& context) {
  const Result<body::Offset> group =
      body::ParseOffset(offset, static_cast<int>(target));
  if (!group.ok()) return RefusePattern(group.error());
  Result<ir::Pattern> pattern =
      body::Compile(offset, hex, "*", {}, {.target = static_cast<int>(target)});
  if (!pattern.ok()) return RefusePattern(std::move(pattern).error());
  if (!context.macros.AddMember(static_cast<int>(target), group.value().section,
                                std::move(pattern).value())) {
    return Refuse("too-many-members", "too many members of a macro group");
  }
  return kTaken;
}

LineResult Add(std::string_view name, uint32_t target, std::string_view offset,
               std::string_view hex, Context& context) {
  Result<ir::Pattern> pattern =
      body::Compile("0", hex, offset, {}, {.target = static_cast<int>(target)});
  if (!pattern.ok()) return RefusePattern(std::move(pattern).error());
  ir::Rule rule;
  rule.name = name;
  rule.language = ir::Language::kClamav;
  rule.targets = ir::TargetMask{1} << target;
  rule.source = context.source;
  rule.patterns.push_back(std::move(pattern).value());
  rule.code = OnePatternCode();
  rule.gate.kind = ir::Gate::Kind::kPattern;
  context.program.rules.push_back(std::move(rule));
  return kTaken;
}

}  // namespace

LineResult ReadBody(std::string_view line, Context& context) {
  const Fields fields(line, ':');
  if (fields.size() < 4 || fields.size() > 6) {
    return Refuse("bad-field-count", "a body signature has four to six fields");
  }
  const auto fit = LevelsFit(fields[4], fields[5], fields.size() == 6);
  if (!fit) return Refuse("bad-level", "bad functionality level");
  if (!*fit) return kSkipped;
  const auto target = Digits(fields[1]);
  if (!target) return Refuse("bad-target", "bad target number");
  if (*target >= kTargetsEnd) return kSkipped;
  const std::string_view name = fields[0];
  if (context.Ignores(name)) return kSkipped;
  if (name.empty()) return Refuse("bad-name", "signature without a name");
  const std::string_view offset = fields[2].empty() ? "0" : fields[2];
  if (offset.starts_with('$')) {
    return AddMember(*target, offset, fields[3], context);
  }
  return Add(name, *target, offset, fields[3], context);
}

LineResult ReadPlainBody(std::string_view line, Context& context) {
  const size_t equals = line.find('=');
  if (equals == std::string_view::npos) {
    return Refuse("bad-field-count", "expected Name=HexSig");
  }
  const std::string_view name = line.substr(0, equals);
  if (context.Ignores(name)) return kSkipped;
  if (name.empty()) return Refuse("bad-name", "signature without a name");
  return Add(name, 0, "*", line.substr(equals + 1), context);
}

}  // namespace vitrine::engine::clamav
