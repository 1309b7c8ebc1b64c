// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/regex/program.h"

namespace vitrine::engine::regex {

// Runs a program's threads in step over text, and remembers what became of
// them: a state is an ordered list of threads, a transition is computed when it
// is first taken (a lazy DFA in the manner of RE2).
//
// Assertions look at the symbol to come, so a state's threads are followed up
// to their next byte only when that symbol is known: a transition says both
// where it leads and whether a match ended before the symbol.
//
// Thread-compatible. Keeps a reference to the program. Memory is bounded by
// kStateBytesMax: when it is used up all states are forgotten.
class Automaton {
 public:
  enum class Mode : uint8_t {
    // Threads begin once. A match cuts off the threads after it, so the last
    // match seen is the one Perl would find.
    kFirst,
    // Threads begin before every symbol; every match counts.
    kAny,
  };
  // What lies on the side that was already read.
  enum class Side : uint8_t { kOther, kWord, kEdge };

  using State = uint32_t;
  static constexpr State kDead = 0;

  struct Step {
    State state;
    bool matched;  // Before the symbol.
  };

  Automaton(const Program& program, Mode mode);

  // The state before anything is read. Valid, like all states, until a step
  // makes states be forgotten; the step's own result is valid after that.
  State Initial(Side side);

  // Symbols: classes of the program's bytes, and two more.
  uint32_t end_symbol() const { return class_count_; }      // No more text.
  uint32_t bad_symbol() const { return class_count_ + 1; }  // In no set.

  Step Next(State state, uint32_t symbol) {
    const uint32_t known = table_[state * stride_ + symbol];
    if (known != kUnknown) return {known >> 1, (known & 1) != 0};
    return Compute(state, symbol);
  }

  size_t memory_bytes() const {
    return (table_.capacity() + pool_.capacity() + slots_.capacity() +
            visited_.capacity() + taken_.capacity()) *
               sizeof(uint32_t) +
           kernels_.capacity() * sizeof(Kernel);
  }

  // How often states had to be forgotten.
  uint32_t flushes() const { return flushes_; }

 private:
  static constexpr uint32_t kUnknown = UINT32_MAX;

  struct Kernel {
    size_t begin = 0;  // In pool_.
    uint32_t size = 0;
    Side side = Side::kOther;
  };

  Step Compute(State state, uint32_t symbol);
  bool Follow(uint32_t pc, Side before, Side after, int byte);
  State Intern(Side side);
  void Forget();
  uint64_t Hash(const std::vector<uint32_t>& threads, Side side) const;
  void Rehash();

  const Program& program_;
  const Mode mode_;
  const uint32_t class_count_;
  const uint32_t stride_;

  std::vector<uint32_t> table_;
  std::vector<Kernel> kernels_;
  std::vector<uint32_t> pool_;
  std::vector<uint32_t> slots_;  // Hash table of states; kUnknown: free.
  std::array<State, 3> initial_{};
  uint32_t flushes_ = 0;

  // Scratch of Compute(). Marks hold the number of the step they were set in.
  std::vector<uint32_t> threads_;
  std::vector<uint32_t> stack_;
  std::vector<uint32_t> visited_;
  std::vector<uint32_t> taken_;
  uint32_t step_ = 0;
};

}  // namespace vitrine::engine::regex
