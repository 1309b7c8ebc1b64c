// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "engine/ir/match.h"
#include "engine/ir/program.h"

// YARA's strings: text, hex and regular expressions, compiled to patterns and
// searched for. The language is YARA 4.5's (documentation, "Strings").
namespace vitrine::engine::strings {

struct Modifiers {
  bool nocase = false;
  bool ascii = false;  // Implied where neither ascii nor wide is given.
  bool wide = false;
  bool fullword = false;
  bool is_private = false;
  bool is_xor = false;
  uint8_t xor_min = 0;
  uint8_t xor_max = 255;
  bool base64 = false;
  bool base64wide = false;
  std::string base64_alphabet = {};  // Empty: the standard one.
  std::string base64wide_alphabet = {};
};

// What the compiler warns about ("slow string", ...); empty: nothing.
struct Compiled {
  ir::Pattern pattern;
  std::vector<std::string> warnings;
};

// `text` is unescaped. Errors: kInvalid, with a message for people.
Result<Compiled> CompileText(std::string_view id, Bytes text,
                             const Modifiers& modifiers);
// `body`: what stands between { and }, comments allowed.
Result<Compiled> CompileHex(std::string_view id, std::string_view body,
                            const Modifiers& modifiers);
// `source`: what stands between the slashes; `flags`: "", "i", "s" or "is".
Result<Compiled> CompileRegex(std::string_view id, std::string_view source,
                              std::string_view flags,
                              const Modifiers& modifiers);

// Reports every match of a kText or kRegex pattern that starts at or after
// `from`, by rising offset: for each start at most one, the one YARA reports.
// Time is linear in the bytes for text and bounded per start for expressions.
// `code` may be hostile: it is checked as it is read. kDeadline if `deadline`
// passed, with what was reported until then.
Status FindAll(ir::PatternKind kind, Bytes code, Bytes object, uint64_t from,
               MatchSink& sink, Deadline deadline);

// What is known of a match around a literal that was seen.
enum class Candidate : uint8_t { kNo, kYes, kMaybe };

// A literal of the pattern lies at object[at..]; its ir::Literal::offset is
// `literal_offset`. kYes: a match of which it is part exists, at
// at - literal_offset. kMaybe: only a search can tell. Constant time or nearly.
Candidate Check(ir::PatternKind kind, Bytes code, Bytes object, uint64_t at,
                int32_t literal_offset);

// A kRegex pattern made ready: the same answers as FindAll(), and sooner, where
// several objects or places are asked about. Thread-compatible, and nothing of
// it is constant: it learns. Keeps a view of the code. Memory:
// regex::kStateBytesMax a segment and direction, at the worst.
class Expression {
 public:
  // kInvalid on hostile code.
  static Result<Expression> Create(Bytes code);
  Expression(Expression&&) noexcept;
  Expression& operator=(Expression&&) noexcept;
  ~Expression();

  Status FindAll(Bytes object, uint64_t from, MatchSink& sink,
                 Deadline deadline);

  // Whether a match begins at a place. Bounded by the longest match of the
  // first segment.
  Candidate BeginsAt(Bytes object, uint64_t at);

  size_t memory_bytes() const;

 private:
  struct State;
  explicit Expression(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vitrine::engine::strings
