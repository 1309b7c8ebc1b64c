// SPDX-License-Identifier: Apache-2.0
#include "engine/regex/automaton.h"

#include <algorithm>

#include "engine/regex/limits.h"

namespace vitrine::engine::regex {

Automaton::Automaton(const Program& program, Mode mode)
    : program_(program),
      mode_(mode),
      class_count_(static_cast<uint32_t>(program.members.size())),
      stride_(class_count_ + 2),
      visited_(program.code.size(), 0),
      taken_(program.code.size(), 0) {
  Forget();
  flushes_ = 0;
}

void Automaton::Forget() {
  ++flushes_;
  table_.clear();
  kernels_.clear();
  pool_.clear();
  slots_.assign(64, kUnknown);
  initial_.fill(kUnknown);
  const std::vector<uint32_t> kept = std::move(threads_);
  threads_.clear();
  Intern(Side::kOther);  // kDead: no threads, and none ever after.
  std::fill(table_.begin(), table_.end(), kDead << 1);
  threads_ = kept;
}

Automaton::State Automaton::Initial(Side side) {
  if (!program_.has_assertions) side = Side::kOther;
  State& known = initial_[static_cast<size_t>(side)];
  if (known == kUnknown) {
    threads_.assign(1, program_.start);
    const State state = Intern(side);
    initial_[static_cast<size_t>(side)] = state;
    return state;
  }
  return known;
}

Automaton::Step Automaton::Compute(State state, uint32_t symbol) {
  if (++step_ == 0) {  // The marks would be mistaken for this step's.
    std::fill(visited_.begin(), visited_.end(), 0);
    std::fill(taken_.begin(), taken_.end(), 0);
    step_ = 1;
  }
  const Kernel kernel = kernels_[state];
  const bool is_byte = symbol < class_count_;
  const int byte = is_byte ? program_.members[symbol] : -1;
  Side after = Side::kOther;
  if (symbol == end_symbol()) after = Side::kEdge;
  if (is_byte && IsWordByte(static_cast<uint8_t>(byte))) after = Side::kWord;

  threads_.clear();
  bool matched = false;
  for (uint32_t i = 0; i < kernel.size; ++i) {
    if (!Follow(pool_[kernel.begin + i], kernel.side, after, byte)) continue;
    matched = true;
    if (mode_ == Mode::kFirst) break;
  }
  if (mode_ == Mode::kAny && symbol != end_symbol()) {
    if (taken_[program_.start] != step_) threads_.push_back(program_.start);
    std::sort(threads_.begin(), threads_.end());
  }
  if (!program_.has_assertions) after = Side::kOther;
  const uint32_t flushes = flushes_;
  const State next = threads_.empty() ? kDead : Intern(after);
  if (flushes == flushes_) {
    table_[state * stride_ + symbol] = next << 1 | (matched ? 1 : 0);
  }
  return {next, matched};
}

// Takes thread `pc` to the next byte it wants, through splits and assertions,
// and over `byte` (-1: nothing can be taken). Whether a match was met; then
// what comes after it in priority was not followed if the mode says so.
bool Automaton::Follow(uint32_t pc, Side before, Side after, int byte) {
  bool matched = false;
  stack_.assign(1, pc);
  while (!stack_.empty()) {
    const uint32_t at = stack_.back();
    stack_.pop_back();
    if (visited_[at] == step_) continue;
    visited_[at] = step_;
    const Instruction& instruction = program_.code[at];
    bool holds = false;
    switch (instruction.op) {
      case Op::kSet:
        if (byte >= 0 && taken_[instruction.next] != step_ &&
            program_.sets[instruction.set].Has(static_cast<uint8_t>(byte))) {
          taken_[instruction.next] = step_;
          threads_.push_back(instruction.next);
        }
        break;
      case Op::kSplit:
        stack_.push_back(instruction.other);
        holds = true;
        break;
      case Op::kMatch:
        if (mode_ == Mode::kFirst) return true;
        matched = true;
        break;
      case Op::kFail:
        break;
      case Op::kStart:
        holds = before == Side::kEdge;
        break;
      case Op::kEnd:
        holds = after == Side::kEdge;
        break;
      case Op::kWord:
        holds = (before == Side::kWord) != (after == Side::kWord);
        break;
      case Op::kNotWord:
        holds = (before == Side::kWord) == (after == Side::kWord);
        break;
    }
    if (holds) stack_.push_back(instruction.next);
  }
  return matched;
}

uint64_t Automaton::Hash(const std::vector<uint32_t>& threads,
                         Side side) const {
  uint64_t hash = static_cast<uint64_t>(side) + 1;
  for (const uint32_t thread : threads) {
    hash = (hash ^ thread) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
  }
  return hash;
}

// The state of threads_.
Automaton::State Automaton::Intern(Side side) {
  size_t slot = Hash(threads_, side) & (slots_.size() - 1);
  for (; slots_[slot] != kUnknown; slot = (slot + 1) & (slots_.size() - 1)) {
    const Kernel& kernel = kernels_[slots_[slot]];
    if (kernel.side == side && kernel.size == threads_.size() &&
        std::equal(threads_.begin(), threads_.end(),
                   pool_.begin() + static_cast<ptrdiff_t>(kernel.begin))) {
      return slots_[slot];
    }
  }
  const size_t bytes =
      (pool_.size() + threads_.size() + table_.size() + stride_) *
      sizeof(uint32_t);
  if (bytes > kStateBytesMax && kernels_.size() > 8) {
    Forget();
    return Intern(side);
  }
  const auto state = static_cast<State>(kernels_.size());
  slots_[slot] = state;
  kernels_.push_back(
      {pool_.size(), static_cast<uint32_t>(threads_.size()), side});
  pool_.insert(pool_.end(), threads_.begin(), threads_.end());
  table_.resize(table_.size() + stride_, kUnknown);
  if (kernels_.size() * 2 > slots_.size()) Rehash();
  return state;
}

void Automaton::Rehash() {
  slots_.assign(slots_.size() * 2, kUnknown);
  std::vector<uint32_t> threads;
  for (State state = 0; state < kernels_.size(); ++state) {
    const Kernel& kernel = kernels_[state];
    const auto begin = pool_.begin() + static_cast<ptrdiff_t>(kernel.begin);
    threads.assign(begin, begin + kernel.size);
    size_t slot = Hash(threads, kernel.side) & (slots_.size() - 1);
    while (slots_[slot] != kUnknown) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = state;
  }
}

}  // namespace vitrine::engine::regex
