// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "engine/ir/program.h"
#include "engine/regex/ast.h"
#include "engine/regex/automaton.h"
#include "engine/regex/literal_finder.h"
#include "engine/regex/program.h"

namespace vitrine::engine::regex {

struct Found {
  uint64_t offset = 0;
  uint64_t length = 0;
};

// Finds the matches of one expression in one object, one for each place where
// any begins, by rising offset.
//
// Places to try come from the literals the expression insists on, from the
// bytes it can begin with, or, where these are no help, from a backward pass
// that finds all beginnings in linear time, a block at a time.
//
// Thread-compatible. Keeps a view of the object. Memory is bounded by the
// automata (kStateBytesMax each); time by the object's size, times
// kMatchBytesMax in the worst case.
class Searcher {
 public:
  enum class Outcome : uint8_t { kFound, kEnd, kDeadline };

  struct Options {
    // Each byte of the expression is followed by a zero in the object.
    bool wide = false;
    // The longest match; kMatchBytesMax for expressions.
    uint64_t length_max = 0;
    // The shortest match of each place, not the one Perl would find.
    bool shortest = false;
    // A choice of literals (Literals()), or none.
    ir::AtomChoice literals;
  };

  static Result<std::unique_ptr<Searcher>> Create(Ast ast, Options options,
                                                  Bytes object, uint64_t from);

  Outcome Next(Found& found, Deadline deadline);

  // The match that begins at `at`, if one does.
  std::optional<uint64_t> LengthAt(uint64_t at);

 private:
  // How places to try are found.
  enum class Way : uint8_t { kLiterals, kFirstBytes, kBackward };

  struct Cursor {
    LiteralFinder finder;
    int32_t offset;
    uint64_t hit = 0;  // The next one, or UINT64_MAX.
  };

  Searcher(Ast ast, Options options, Bytes object, uint64_t from);

  void ChooseWay();
  std::optional<uint64_t> NextPlace(Deadline deadline);
  std::optional<uint64_t> NextByLiterals();
  std::optional<uint64_t> NextByFirstBytes(Deadline deadline);
  std::optional<uint64_t> NextByBlocks(Deadline deadline);
  uint64_t NextLiteral(uint64_t from);
  void FindStarts(uint64_t begin, uint64_t end);
  void FindStartsFrom(uint64_t high, uint64_t begin, uint64_t end);
  void ReconsiderWay();
  bool IsLate(uint64_t cost, Deadline deadline);

  uint32_t SymbolAt(uint64_t at) const;
  uint32_t SymbolBefore(uint64_t at) const;
  Automaton::Side SideBefore(uint64_t at) const;
  Automaton::Side SideAt(uint64_t at) const;

  const Ast ast_;
  const Options options_;
  const Bytes object_;
  const uint64_t unit_;  // Bytes of the object for one of the expression.
  const uint64_t from_;
  uint64_t at_;  // Nothing before it is to be tried again.

  Way way_ = Way::kFirstBytes;
  Way without_backward_ = Way::kFirstBytes;
  std::vector<Cursor> cursors_;
  ByteSet first_;

  Program forward_;
  std::optional<Automaton> forward_automaton_;
  Program backward_;
  std::optional<Automaton> backward_automaton_;
  bool backward_failed_ = false;

  std::vector<uint64_t> starts_;  // Of the current block, last first.
  uint64_t block_end_ = 0;
  uint64_t forward_cost_ = 0;  // Bytes read by LengthAt().
  uint64_t since_clock_ = 0;
  bool late_ = false;
};

}  // namespace vitrine::engine::regex
