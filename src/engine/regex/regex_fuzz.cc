// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "base/code.h"
#include "engine/regex/limits.h"
#include "engine/regex/literals.h"
#include "engine/regex/naive_matcher.h"
#include "engine/regex/parser.h"
#include "engine/regex/program.h"
#include "engine/regex/searcher.h"

// Input: flags, expression, 0xff, text. What parses must be found as the
// backtracking matcher finds it (where that comes to an end), whatever way the
// places to try are chosen, and must survive being stored.
namespace vitrine::engine::regex {
namespace {

using Spans = std::vector<std::pair<uint64_t, uint64_t>>;

// Larger cases are stored or searched, but not compared: they take so long that
// little else would be tried.
constexpr size_t kInstructionsCompared = 500;
constexpr size_t kTextMax = 64;
constexpr size_t kStepsMax = 1000;

Spans Search(const Ast& ast, Bytes text, bool wide,
             const ir::AtomChoice& literals, bool use_anchor = false) {
  Plan::Options options;
  options.use_anchor = use_anchor;
  options.wide = wide;
  options.length_max = kMatchBytesMax;
  options.literals = literals;
  const auto plan = Plan::Create(ast, options);
  Spans spans;
  if (!plan.ok()) return spans;  // Too large.
  Searcher searcher(*plan.value(), text, 0);
  Found found;
  while (searcher.Next(found, Deadline::Never()) == Searcher::Outcome::kFound) {
    if (found.length > text.size() - found.offset) __builtin_trap();
    if (!spans.empty() && found.offset <= spans.back().first) __builtin_trap();
    spans.emplace_back(found.offset, found.length);
  }
  return spans;
}

void CompareWithNaive(const Ast& ast, Bytes text, const Spans& spans) {
  auto span = spans.begin();
  for (size_t at = 0; at < text.size(); ++at) {
    const bool found = span != spans.end() && span->first == at;
    size_t steps = kStepsMax;
    const auto length = NaiveMatcher(ast, text).LengthAt(at, &steps);
    if (steps > 0 && found != length.has_value()) __builtin_trap();
    if (steps > 0 && found && span->second != *length) __builtin_trap();
    if (found) ++span;
  }
}

// Empty matches of nothing but repetitions of nothing are where Perl and
// threads part ways.
bool RepeatsNothing(const Ast& ast) {
  const auto widths = Widths(ast);
  return std::any_of(ast.nodes.begin(), ast.nodes.end(), [&](const Node& n) {
    return n.kind == Kind::kRepeat && widths[n.children[0]].min == 0;
  });
}

void Run(Flags flags, std::string_view source, Bytes text) {
  const auto parsed = Parse(source, flags);
  if (!parsed.ok()) {
    if (parsed.error().message.empty()) __builtin_trap();
    return;
  }
  const Ast& ast = parsed.value().ast;
  CodeWriter writer;
  Encode(ast, writer);
  const ByteVector code = writer.Take();
  CodeReader reader(code);
  const auto decoded = Decode(reader);
  if (!decoded.ok()) __builtin_trap();
  CodeWriter again;
  Encode(decoded.value(), again);
  if (again.Take() != code) __builtin_trap();

  const auto program = Build(ast, Direction::kForward);
  if (!program.ok() || program.value().code.size() > kInstructionsCompared) {
    (void)Matches(code, text, Deadline::Never());
    return;
  }
  const Spans spans = Search(ast, text, false, {});
  if (Search(decoded.value(), text, false, {}) != spans) __builtin_trap();
  if (text.size() > 4 * kTextMax) return;
  for (const bool wide : {false, true}) {
    const Spans plain = wide ? Search(ast, text, true, {}) : spans;
    if (Search(ast, text, wide, {}, true) != plain) __builtin_trap();
    for (const ir::AtomChoice& choice : Literals(ast, wide)) {
      if (Search(ast, text, wide, choice) != plain) __builtin_trap();
    }
  }
  const auto matches = Matches(code, text, Deadline::Never());
  if (matches.ok() && !text.empty() && matches.value() == spans.empty()) {
    __builtin_trap();
  }
  if (text.size() <= kTextMax && !RepeatsNothing(ast)) {
    CompareWithNaive(ast, text, spans);
  }
}

}  // namespace
}  // namespace vitrine::engine::regex

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine;
  if (size == 0) return 0;
  const Bytes input(data + 1, size - 1);
  const auto end = std::find(input.begin(), input.end(), 0xff);
  const auto length = static_cast<size_t>(end - input.begin());
  const Bytes text = end == input.end() ? Bytes() : input.subspan(length + 1);
  engine::regex::Run(
      {.nocase = (data[0] & 1) != 0, .dot_all = (data[0] & 2) != 0},
      AsText(input.first(length)), text);
  return 0;
}
