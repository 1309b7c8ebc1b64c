// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

// Perl-compatible expressions, by PCRE2 (which only this folder includes). Not
// linear in time, therefore never without limits.
namespace vitrine::engine::clamav {

enum PcreFlag : uint8_t {
  kPcreNocase = 1,      // i
  kPcreDotAll = 2,      // s
  kPcreMultiline = 4,   // m
  kPcreExtended = 8,    // x
  kPcreAnchored = 16,   // A
  kPcreDollarEnd = 32,  // E
  kPcreUngreedy = 64,   // U
};

struct PcreLimits {
  uint32_t match = 0;      // Steps of one search.
  uint32_t recursion = 0;  // Depth of backtracking.
};

// One compiled expression. Thread-compatible: one thread at a time.
class Pcre {
 public:
  struct Span {
    size_t begin;
    size_t end;
  };

  // kInvalid with PCRE2's own words.
  static Result<Pcre> Compile(std::string_view expression, uint8_t flags);
  ~Pcre();
  Pcre(Pcre&&) noexcept;
  Pcre& operator=(Pcre&&) noexcept;

  // The first match in `subject` from `start` on, or at `start` alone when
  // `anchored`. kLimit: given up.
  Result<std::optional<Span>> Search(Bytes subject, size_t start, bool anchored,
                                     const PcreLimits& limits);

 private:
  struct State;
  explicit Pcre(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

// Expressions that were compiled before. Thread-compatible.
class PcreCache {
 public:
  // Valid until the next Get().
  Result<Pcre*> Get(std::string_view expression, uint8_t flags);

 private:
  std::map<std::string, Pcre, std::less<>> cache_;
};

}  // namespace vitrine::engine::clamav
