// SPDX-License-Identifier: Apache-2.0
#include "engine/clamav/subsignature.h"

#include <optional>
#include <utility>

#include "base/text.h"
#include "engine/body/body.h"
#include "engine/clamav/fields.h"
#include "engine/clamav/limits.h"
#include "engine/clamav/macro_groups.h"
#include "engine/clamav/pcre.h"

namespace vitrine::engine::clamav {
namespace {

Error Invalid(std::string message) {
  return Error{Code::kInvalid, std::move(message)};
}

// An empty offset reads as the number 0 to clamscan.
std::string_view OrZero(std::string_view offset) {
  return offset.empty() ? "0" : offset;
}

Status ParsePcreFlags(std::string_view text, PcreSubsignature& out) {
  // Modifiers of content subsignatures are passed over here.
  text = text.substr(0, text.find(':'));
  for (const char c : text) {
    switch (c) {
      case 'g':
        out.global = true;
        break;
      case 'r':
        out.rolling = true;
        break;
      case 'e':
        out.encompass = true;
        break;
      case 'i':
        out.flags |= kPcreNocase;
        break;
      case 's':
        out.flags |= kPcreDotAll;
        break;
      case 'm':
        out.flags |= kPcreMultiline;
        break;
      case 'x':
        out.flags |= kPcreExtended;
        break;
      case 'A':
        out.flags |= kPcreAnchored;
        break;
      case 'E':
        out.flags |= kPcreDollarEnd;
        break;
      case 'U':
        out.flags |= kPcreUngreedy;
        break;
      default:
        return Invalid(std::string("unknown flag of a regular expression: ") +
                       c);
    }
  }
  return Ok();
}

// [offset:]trigger/expression/flags. The last slash ends the expression.
Result<Subsignature> ParsePcre(std::string_view text, uint32_t number,
                               int target) {
  PcreSubsignature out;
  const size_t open = text.find('/');
  const size_t close = text.rfind('/');
  if (open == close) return Invalid("regular expression without an end");
  std::string_view trigger = text.substr(0, open);
  out.expression = text.substr(open + 1, close - open - 1);
  TRY(ParsePcreFlags(text.substr(close + 1), out));
  if (const size_t colon = trigger.find(':'); colon != std::string_view::npos) {
    std::string_view offset = trigger.substr(0, colon);
    if (offset.ends_with(',')) offset.remove_suffix(1);
    out.offset = TRY(body::ParseOffset(OrZero(offset), target));
    if (out.offset.kind == body::OffsetKind::kMacro) {
      return Invalid("a regular expression cannot be in a macro group");
    }
    trigger.remove_prefix(colon + 1);
  }
  if (trigger.empty() || out.expression.empty()) {
    return Invalid("empty trigger or regular expression");
  }
  out.trigger = TRY(ParseExpression(trigger));
  if (HighestId(out.trigger) >= number) {
    return Invalid("the trigger names this or a later subsignature");
  }
  TRY(Pcre::Compile(out.expression, out.flags));
  return Subsignature(std::move(out));
}

Result<Subsignature> ParseFuzzyImage(std::string_view text) {
  // fuzzy_img#hash[#distance[#...]]
  constexpr size_t kHashDigits = 16;
  const Fields fields(text, '#');
  const auto bytes = FromHex(fields[1]);
  if (!bytes || fields[1].size() != kHashDigits) {
    return Invalid("a fuzzy image hash has 16 hex digits");
  }
  if (fields.size() > 2) {
    const auto distance = ParseDecimal(fields[2]);
    if (!distance) return Invalid("bad distance of a fuzzy image hash");
    if (*distance != 0) {
      return Invalid("only distance 0 is supported for fuzzy image hashes");
    }
  }
  FuzzyImage out;
  for (const uint8_t byte : *bytes) out.hash = out.hash << 8 | byte;
  return Subsignature(out);
}

// ${min-max}group$
Result<Subsignature> ParseMacro(std::string_view text) {
  const size_t brace = text.find('}');
  if (brace == std::string_view::npos || !text.ends_with('$')) {
    return Invalid("a macro is written ${min-max}group$");
  }
  const std::string_view range = text.substr(2, brace - 2);
  const std::string_view group =
      text.substr(brace + 1, text.size() - brace - 2);
  const size_t dash = range.find('-');
  const auto min = ParseDecimal(range.substr(0, dash));
  const auto max = dash == std::string_view::npos
                       ? std::nullopt
                       : ParseDecimal(range.substr(dash + 1));
  const auto number = ParseDecimal(group);
  if (!min || !max || !number || *min > UINT32_MAX || *max > UINT32_MAX) {
    return Invalid("bad number in a macro");
  }
  if (*number >= MacroGroups::kGroupsMax) return Invalid("no such macro group");
  return Subsignature(Macro{static_cast<uint32_t>(*min),
                            static_cast<uint32_t>(*max),
                            static_cast<uint32_t>(*number)});
}

Result<body::Modifiers> ParseModifiers(std::string_view text) {
  body::Modifiers out;
  for (const char c : text) {
    switch (c) {
      case 'i':
        out.nocase = true;
        break;
      case 'w':
        out.wide = true;
        break;
      case 'f':
        out.fullword = true;
        break;
      case 'a':
        out.ascii = true;
        break;
      default:
        return Invalid(std::string("unknown modifier of a subsignature: ") + c);
    }
  }
  return out;
}

// [offset:]hex[::modifiers]. With more behind another `::` clamscan takes no
// modifiers at all; the official set has a few of these.
Result<Subsignature> ParseBody(std::string_view text, uint32_t number,
                               int target) {
  body::Modifiers modifiers;
  if (const size_t at = text.find("::"); at != std::string_view::npos) {
    const std::string_view rest = text.substr(at + 2);
    text = text.substr(0, at);
    if (rest.find("::") == std::string_view::npos) {
      modifiers = TRY(ParseModifiers(rest));
    } else if (text.find(':') != std::string_view::npos) {
      return Invalid("an offset, and modifiers twice");
    }
  }
  std::string_view offset = "*";
  if (const size_t colon = text.find(':'); colon != std::string_view::npos) {
    offset = OrZero(text.substr(0, colon));
    text.remove_prefix(colon + 1);
  }
  ir::Pattern pattern =
      TRY(body::Compile(std::to_string(number), text, offset, modifiers,
                        {.target = target, .logical = true}));
  return Subsignature(std::move(pattern));
}

}  // namespace

Result<Subsignature> ParseSubsignature(std::string_view text, uint32_t number,
                                       int target) {
  if (text.starts_with("fuzzy_img#")) return ParseFuzzyImage(text);
  if (text.starts_with("${")) return ParseMacro(text);
  if (text.find('/') != std::string_view::npos) {
    return ParsePcre(text, number, target);
  }
  if (text.find('#') != std::string_view::npos) {
    ByteCompare compare = TRY(ParseByteCompare(text));
    return Subsignature(std::move(compare));
  }
  return ParseBody(text, number, target);
}

void WriteMacro(const MacroCode& macro, CodeWriter& out) {
  out.U8(static_cast<uint8_t>(macro.anchor));
  out.U32(macro.min);
  out.U32(macro.max);
  out.U32(macro.first_pattern);
  out.U32(macro.patterns);
}

Result<MacroCode> ReadMacro(CodeReader& in) {
  MacroCode out;
  out.anchor = in.U8();
  out.min = in.U32();
  out.max = in.U32();
  out.first_pattern = in.U32();
  out.patterns = in.U32();
  if (!in.ok() || out.patterns > kMacroMembersMax ||
      out.first_pattern > UINT32_MAX - out.patterns) {
    return Invalid("bad macro code");
  }
  return out;
}

void WritePcre(const PcreSubsignature& pcre, CodeWriter& out) {
  WriteExpression(pcre.trigger, out);
  out.U8(static_cast<uint8_t>(pcre.offset.kind));
  out.U16(pcre.offset.section);
  out.U32(pcre.offset.value);
  out.U32(pcre.offset.max_shift);
  out.U8(pcre.flags);
  out.U8(static_cast<uint8_t>((pcre.global ? 1 : 0) | (pcre.rolling ? 2 : 0) |
                              (pcre.encompass ? 4 : 0)));
  out.Counted(pcre.expression);
}

Result<PcreSubsignature> ReadPcre(CodeReader& in) {
  PcreSubsignature out;
  out.trigger = TRY(ReadExpression(in));
  const uint8_t kind = in.U8();
  if (kind > static_cast<uint8_t>(body::OffsetKind::kVersionInfo)) {
    return Invalid("bad offset in code");
  }
  out.offset.kind = static_cast<body::OffsetKind>(kind);
  out.offset.section = in.U16();
  out.offset.value = in.U32();
  out.offset.max_shift = in.U32();
  out.flags = in.U8();
  const uint8_t bits = in.U8();
  out.global = (bits & 1) != 0;
  out.rolling = (bits & 2) != 0;
  out.encompass = (bits & 4) != 0;
  out.expression = in.CountedText();
  if (!in.ok()) return Invalid("regular expression code ends early");
  return out;
}

}  // namespace vitrine::engine::clamav
