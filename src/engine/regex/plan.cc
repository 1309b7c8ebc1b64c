// SPDX-License-Identifier: Apache-2.0
#include "engine/regex/plan.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/check.h"
#include "engine/regex/literals.h"

namespace vitrine::engine::regex {
namespace {

// Beyond this many bytes to begin with, looking for one of them skips too
// little to pay.
constexpr int kFirstBytesMax = 48;

// Each literal takes a pass, and short ones stop it all the time.
bool AreUseful(const ir::AtomChoice& literals) {
  constexpr size_t kPassesMax = 16;
  size_t shortest = SIZE_MAX;
  for (const ir::Literal& literal : literals) {
    shortest = std::min(shortest, literal.bytes.size());
  }
  return !literals.empty() && shortest > 0 &&
         literals.size() <= (shortest == 1 ? 3 : kPassesMax);
}

size_t BytesOf(const Program& program) {
  return program.code.capacity() * sizeof(Instruction) +
         program.sets.capacity() * sizeof(ByteSet);
}

}  // namespace

Plan::Plan(Ast ast, Options options)
    : ast_(std::move(ast)),
      options_(std::move(options)),
      unit_(options_.wide ? 2 : 1) {}

Result<std::unique_ptr<Plan>> Plan::Create(Ast ast, Options options) {
  std::unique_ptr<Plan> plan(new Plan(std::move(ast), std::move(options)));
  plan->forward_ = TRY(Build(plan->ast_, Direction::kForward));
  plan->forward_automaton_.emplace(plan->forward_, Automaton::Mode::kFirst);
  return plan;
}

const Places& Plan::places() {
  if (places_) return *places_;
  Places& places = places_.emplace();
  places.first = FirstBytes(ast_);
  ChooseLiterals(places);
  if (options_.use_anchor) places.anchor = FindAnchor(ast_, options_.wide);
  if (places.anchor) {
    std::array<Probe, kProbesMax> probes;
    places.anchor_finder.emplace(BestProbes(places.anchor->sets, probes),
                                 places.anchor->sets.size());
    places.way = places.without_backward = Way::kAnchor;
  }
  return places;
}

void Plan::ChooseLiterals(Places& places) const {
  bool is_fixed = AreUseful(options_.literals);
  const bool are_useful = is_fixed;
  for (const ir::Literal& literal : options_.literals) {
    if (!are_useful) break;
    is_fixed = is_fixed && literal.offset >= 0;
    places.literals.push_back(
        {LiteralFinder(literal.bytes, literal.nocase), literal.offset});
  }
  if (is_fixed) {
    places.way = places.without_backward = Way::kLiterals;
  } else if (!places.literals.empty() ||
             places.first.Count() > kFirstBytesMax) {
    places.way = Way::kBackward;
  }
}

uint32_t Plan::flushes() const {
  return backward_automaton_ ? backward_automaton_->flushes() : 0;
}

size_t Plan::memory_bytes() const {
  size_t bytes = sizeof(Plan) + ast_.nodes.capacity() * sizeof(Node) +
                 BytesOf(forward_) + BytesOf(backward_) +
                 forward_automaton_->memory_bytes();
  if (backward_automaton_) bytes += backward_automaton_->memory_bytes();
  return bytes;
}

void Plan::FindStarts(Bytes object, uint64_t begin, uint64_t end,
                      std::vector<uint64_t>& starts) {
  if (!backward_automaton_) {
    // As large as the forward program: if that could be built, so can this.
    auto backward = Build(ast_, Direction::kBackward);
    CHECK(backward.ok());
    backward_ = std::move(backward).value();
    backward_automaton_.emplace(backward_, Automaton::Mode::kAny);
  }
  const uint64_t reach =
      std::min<uint64_t>(options_.length_max, object.size() - end);
  const uint64_t high = end + reach;
  FindStartsFrom(object, high, begin, end, starts);
  if (unit_ == 1) return;
  FindStartsFrom(object, high - 1, begin, end, starts);
  std::sort(starts.begin(), starts.end(), std::greater<>());
}

void Plan::FindStartsFrom(Bytes object, uint64_t high, uint64_t begin,
                          uint64_t end, std::vector<uint64_t>& starts) {
  Automaton& automaton = *backward_automaton_;
  Automaton::State state = automaton.Initial(SideAt(object, high));
  for (uint64_t at = high;; at -= unit_) {
    const Automaton::Step step =
        automaton.Next(state, SymbolBefore(object, at));
    if (step.matched && at < end) starts.push_back(at);
    if (at - begin < unit_) return;
    state = step.state;
  }
}

std::optional<uint64_t> Plan::LengthAt(Bytes object, uint64_t at,
                                       uint64_t& read) {
  Automaton& automaton = *forward_automaton_;
  Automaton::State state = automaton.Initial(SideBefore(object, at));
  std::optional<uint64_t> length;
  uint64_t here = 0;
  for (;;) {
    const Automaton::Step step =
        automaton.Next(state, SymbolAt(object, at + here));
    if (step.matched) length = here;
    if (step.matched && options_.shortest) break;
    if (step.state == Automaton::kDead) break;
    here += unit_;
    if (here > options_.length_max) break;
    state = step.state;
  }
  read += here;
  return length;
}

uint32_t Plan::SymbolAt(Bytes object, uint64_t at) const {
  if (at >= object.size()) return forward_automaton_->end_symbol();
  if (unit_ == 2 && (object.size() - at < 2 || object[at + 1] != 0)) {
    return forward_automaton_->bad_symbol();
  }
  return forward_.classes[object[at]];
}

uint32_t Plan::SymbolBefore(Bytes object, uint64_t at) const {
  if (at == 0) return backward_automaton_->end_symbol();
  if (unit_ == 1) return backward_.classes[object[at - 1]];
  if (at < 2 || object[at - 1] != 0) return backward_automaton_->bad_symbol();
  return backward_.classes[object[at - 2]];
}

Automaton::Side Plan::SideBefore(Bytes object, uint64_t at) const {
  if (at == 0) return Automaton::Side::kEdge;
  if (at < unit_ || (unit_ == 2 && object[at - 1] != 0)) {
    return Automaton::Side::kOther;
  }
  return IsWordByte(object[at - unit_]) ? Automaton::Side::kWord
                                        : Automaton::Side::kOther;
}

Automaton::Side Plan::SideAt(Bytes object, uint64_t at) const {
  if (at >= object.size()) return Automaton::Side::kEdge;
  if (unit_ == 2 && (object.size() - at < 2 || object[at + 1] != 0)) {
    return Automaton::Side::kOther;
  }
  return IsWordByte(object[at]) ? Automaton::Side::kWord
                                : Automaton::Side::kOther;
}

}  // namespace vitrine::engine::regex
