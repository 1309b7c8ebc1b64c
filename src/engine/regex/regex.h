// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"

// YARA 4.5's regular expressions over bytes: no backreference, no lookaround,
// time linear in the text for any expression. This is the face for the
// `matches` operator and for functions that take a regular expression;
// engine/strings uses the parts below it (ast.h, program.h, matcher.h).
namespace vitrine::engine::regex {

struct Flags {
  bool nocase = false;   // /i
  bool dot_all = false;  // /s: `.` matches a line feed too.
};

// `source` is what stands between the slashes. The result is self-contained
// and position-independent. kInvalid, with YARA's words, for an expression
// YARA refuses.
Result<ByteVector> Compile(std::string_view source, Flags flags);

// Whether a match lies anywhere in `text`; `^` and `$` stand for its ends.
// `code` may be hostile: kInvalid. kDeadline if the time was used up.
Result<bool> Matches(Bytes code, Bytes text, Deadline deadline);

// An expression made ready: the same answers, and sooner from the second text
// on. Thread-compatible, and nothing of it is constant: it learns. Memory: its
// program and kStateBytesMax.
class Tester {
 public:
  // kInvalid on hostile code, of which nothing is kept.
  static Result<Tester> Create(Bytes code);
  Tester(Tester&&) noexcept;
  Tester& operator=(Tester&&) noexcept;
  ~Tester();

  Result<bool> Matches(Bytes text, Deadline deadline);
  size_t memory_bytes() const;

 private:
  struct State;
  explicit Tester(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vitrine::engine::regex
