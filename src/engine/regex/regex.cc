// SPDX-License-Identifier: Apache-2.0
#include "engine/regex/regex.h"

#include "base/code.h"
#include "engine/regex/ast.h"
#include "engine/regex/automaton.h"
#include "engine/regex/limits.h"
#include "engine/regex/parser.h"
#include "engine/regex/program.h"

namespace vitrine::engine::regex {
namespace {

using Side = Automaton::Side;

// Bytes read between two looks at the clock; each may cost a walk through the
// program.
constexpr size_t kBytesPerLook = 4096;

Error Late() { return {Code::kDeadline, "regular expression"}; }

// Whether one of the matches, all of which end with `text`, begins before its
// end: YARA tries no place behind the last byte.
Result<bool> BeginsBeforeEnd(const Ast& ast, Bytes text, Deadline deadline) {
  const Program program = TRY(Build(ast, Direction::kBackward));
  Automaton automaton(program, Automaton::Mode::kAny);
  Automaton::State state = automaton.Initial(Side::kEdge);
  for (size_t at = text.size(); at > 0; --at) {
    const auto step = automaton.Next(state, program.classes[text[at - 1]]);
    if (step.matched && at < text.size()) return true;
    state = step.state;
    if (at % kBytesPerLook == 0 && deadline.Passed()) return Late();
  }
  return automaton.Next(state, automaton.end_symbol()).matched;
}

}  // namespace

Result<ByteVector> Compile(std::string_view source, Flags flags) {
  const Parsed parsed = TRY(Parse(source, flags));
  // An expression that is too large is refused here and not at run time.
  TRY(Build(parsed.ast, Direction::kForward));
  CodeWriter code;
  Encode(parsed.ast, code);
  return code.Take();
}

Result<bool> Matches(Bytes code, Bytes text, Deadline deadline) {
  CodeReader reader(code);
  const Ast ast = TRY(Decode(reader));
  const Program program = TRY(Build(ast, Direction::kForward));
  Automaton automaton(program, Automaton::Mode::kAny);
  Automaton::State state = automaton.Initial(Side::kEdge);
  for (size_t at = 0; at < text.size(); ++at) {
    const auto step = automaton.Next(state, program.classes[text[at]]);
    if (step.matched) return true;
    state = step.state;
    if (at % kBytesPerLook == kBytesPerLook - 1 && deadline.Passed())
      return Late();
  }
  if (!automaton.Next(state, automaton.end_symbol()).matched) return false;
  if (text.empty()) return true;
  const auto side = IsWordByte(text.back()) ? Side::kWord : Side::kOther;
  const auto empty =
      automaton.Next(automaton.Initial(side), automaton.end_symbol());
  return empty.matched ? BeginsBeforeEnd(ast, text, deadline) : true;
}

}  // namespace vitrine::engine::regex
