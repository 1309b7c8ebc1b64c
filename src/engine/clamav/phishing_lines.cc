// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string>

#include "base/code.h"
#include "base/text.h"
#include "engine/clamav/clamav.h"
#include "engine/clamav/fields.h"
#include "engine/clamav/lines.h"
#include "engine/clamav/pcre.h"
#include "engine/clamav/posix_pattern.h"

// .pdb: R:regex[:levels]  H:host[:levels]
// .wdb: X:regex[:levels]  Y:regex[:levels]  M:real:displayed[:levels]
// .gdb: S|S1|S2:P|F|W:hex
namespace vitrine::engine::clamav {
namespace {

// Takes ":min-max" off the end; whether it is meant for us.
bool TakeLevels(std::string_view& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return true;
  const std::string_view levels = text.substr(colon + 1);
  const size_t dash = levels.find('-');
  if (dash == std::string_view::npos) return true;
  const auto min = Digits(levels.substr(0, dash));
  const auto max = Digits(levels.substr(dash + 1));
  if (!min || !max) return true;  // Part of an expression.
  text = text.substr(0, colon);
  return *min <= kFunctionalityLevel &&
         (dash + 1 == levels.size() || *max >= kFunctionalityLevel);
}

LineResult Add(char kind, std::string_view text, Context& context) {
  CodeWriter code;
  code.U8(static_cast<uint8_t>(kind));
  code.Counted(text);
  context.program.auxiliaries.push_back({ir::Auxiliary::Kind::kPhishing,
                                         std::string(text), code.Take(),
                                         context.source});
  return kTaken;
}

LineResult AddExpression(char kind, std::string_view text, Context& context) {
  // clamscan looks these up by how they end; what is all wildcards has no end.
  const bool literal = std::any_of(text.begin(), text.end(), [](char c) {
    return IsAlnum(static_cast<uint8_t>(c));
  });
  if (!literal) {
    return Refuse("bad-regular-expression",
                  "the expression names no part of a host");
  }
  const std::string perl = PosixToPerl(text);
  const auto compiled = Pcre::Compile(perl, kPcreNocase);
  if (!compiled.ok()) {
    return Refuse("bad-regular-expression", compiled.error().message);
  }
  return Add(kind, perl, context);
}

// "R1:rest": the letter, and what follows the colon.
std::optional<char> TakeKind(std::string_view& line) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  if (!Digits(line.substr(1, colon - 1))) return std::nullopt;
  const char kind = line[0];
  line.remove_prefix(colon + 1);
  if (line.empty()) return std::nullopt;
  return kind;
}

LineResult RefuseKind(const char* known) {
  return Refuse("bad-kind", std::string("expected a line of kind ") + known);
}

}  // namespace

LineResult ReadPhishing(std::string_view line, Context& context) {
  const auto kind = TakeKind(line);
  if (!kind || (*kind != 'R' && *kind != 'H')) return RefuseKind("R or H");
  if (!TakeLevels(line)) return kSkipped;
  return *kind == 'H' ? Add('H', line, context)
                      : AddExpression('R', line, context);
}

LineResult ReadPhishingAllow(std::string_view line, Context& context) {
  const auto kind = TakeKind(line);
  if (!kind || (*kind != 'X' && *kind != 'Y' && *kind != 'M')) {
    return RefuseKind("X, Y or M");
  }
  if (!TakeLevels(line)) return kSkipped;
  return *kind == 'M' ? Add('M', line, context)
                      : AddExpression(*kind, line, context);
}

LineResult ReadUrlHash(std::string_view line, Context& context) {
  const Fields fields(line, ':');
  if (fields.size() < 3) {
    return Refuse("bad-field-count", "a URL hash has three fields");
  }
  if (fields[0] != "S" && fields[0] != "S1" && fields[0] != "S2") {
    return RefuseKind("S, S1 or S2");
  }
  if (fields[1] != "P" && fields[1] != "F" && fields[1] != "W") {
    return RefuseKind("P, F or W");
  }
  if (fields[2].empty() || !FromHex(fields[2])) {
    return Refuse("bad-digest", "the hash is not hex");
  }
  if (fields.size() > 3) {
    const std::string_view levels = fields[3];
    const size_t dash = levels.find('-');
    const bool range = dash != std::string_view::npos;
    if (!Digits(levels.substr(0, dash)) ||
        (range && !Digits(levels.substr(dash + 1)))) {
      return Refuse("bad-level", "bad functionality level");
    }
  }
  return Add('S', line, context);
}

}  // namespace vitrine::engine::clamav
