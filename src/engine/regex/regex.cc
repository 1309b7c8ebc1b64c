// SPDX-License-Identifier: Apache-2.0
#include "engine/regex/regex.h"

#include <utility>

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

struct Tester::State {
  State(Ast tree, Program built)
      : ast(std::move(tree)),
        program(std::move(built)),
        automaton(program, Automaton::Mode::kAny) {}

  const Ast ast;
  const Program program;
  Automaton automaton;  // Refers to `program`.
};

Tester::Tester(std::unique_ptr<State> state) : state_(std::move(state)) {}
Tester::Tester(Tester&&) noexcept = default;
Tester& Tester::operator=(Tester&&) noexcept = default;
Tester::~Tester() = default;

Result<Tester> Tester::Create(Bytes code) {
  CodeReader reader(code);
  Ast ast = TRY(Decode(reader));
  Program program = TRY(Build(ast, Direction::kForward));
  return Tester(std::make_unique<State>(std::move(ast), std::move(program)));
}

Result<bool> Tester::Matches(Bytes text, Deadline deadline) {
  const Program& program = state_->program;
  Automaton& automaton = state_->automaton;
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
  return empty.matched ? BeginsBeforeEnd(state_->ast, text, deadline) : true;
}

size_t Tester::memory_bytes() const {
  const Program& program = state_->program;
  return sizeof(State) + state_->automaton.memory_bytes() +
         program.code.capacity() * sizeof(Instruction) +
         program.sets.capacity() * sizeof(ByteSet) +
         state_->ast.nodes.capacity() * sizeof(Node);
}

Result<bool> Matches(Bytes code, Bytes text, Deadline deadline) {
  return TRY(Tester::Create(code)).Matches(text, deadline);
}

}  // namespace vitrine::engine::regex
