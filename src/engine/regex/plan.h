// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "engine/ir/program.h"
#include "engine/regex/anchor.h"
#include "engine/regex/ast.h"
#include "engine/regex/automaton.h"
#include "engine/regex/literal_finder.h"
#include "engine/regex/probe_finder.h"
#include "engine/regex/program.h"

namespace vitrine::engine::regex {

// How a search finds places to try.
enum class Way : uint8_t { kAnchor, kLiterals, kFirstBytes, kBackward };

struct Places {
  struct Literal {
    LiteralFinder finder;
    int32_t offset;
  };

  Way way = Way::kFirstBytes;
  Way without_backward = Way::kFirstBytes;
  ByteSet first;                 // Bytes a match can begin with.
  std::optional<Anchor> anchor;  // Of kAnchor.
  std::optional<ProbeFinder> anchor_finder;
  std::vector<Literal> literals;
};

// What all searches for one expression share, whatever the object: programs,
// what became of their threads so far, ways to find places. Takes longer to
// make than most places take to be refused, so it is worth keeping.
//
// Thread-compatible, and nothing of it is constant: automata learn. Memory is
// bounded by theirs (kStateBytesMax each).
class Plan {
 public:
  struct Options {
    // Each byte of the expression is followed by a zero in the object.
    bool wide = false;
    // The longest match; kMatchBytesMax for expressions.
    uint64_t length_max = 0;
    // The shortest match of each place, not the one Perl would find.
    bool shortest = false;
    // A choice of literals (Literals()), or none.
    ir::AtomChoice literals;
    // Tests compare the other ways with this one.
    bool use_anchor = true;
  };

  static Result<std::unique_ptr<Plan>> Create(Ast ast, Options options);

  // The length of the match that begins at object[at], if one does. Adds the
  // bytes it read to `read`.
  std::optional<uint64_t> LengthAt(Bytes object, uint64_t at, uint64_t& read);

  // Appends all beginnings in object[begin, end), last first.
  void FindStarts(Bytes object, uint64_t begin, uint64_t end,
                  std::vector<uint64_t>& starts);

  // Chosen when first asked for: to try a place takes none of it.
  const Places& places();

  const Options& options() const { return options_; }
  // Instructions; where states do not repeat, a byte may cost a walk through.
  size_t program_size() const { return forward_.code.size(); }
  // How often the backward automaton had to forget its states.
  uint32_t flushes() const;
  size_t memory_bytes() const;

 private:
  Plan(Ast ast, Options options);

  void ChooseLiterals(Places& places) const;
  void FindStartsFrom(Bytes object, uint64_t high, uint64_t begin, uint64_t end,
                      std::vector<uint64_t>& starts);
  uint32_t SymbolAt(Bytes object, uint64_t at) const;
  uint32_t SymbolBefore(Bytes object, uint64_t at) const;
  Automaton::Side SideBefore(Bytes object, uint64_t at) const;
  Automaton::Side SideAt(Bytes object, uint64_t at) const;

  const Ast ast_;
  const Options options_;
  const uint64_t unit_;  // Bytes of the object for one of the expression.
  std::optional<Places> places_;
  Program forward_;
  std::optional<Automaton> forward_automaton_;
  Program backward_;
  std::optional<Automaton> backward_automaton_;
};

}  // namespace vitrine::engine::regex
