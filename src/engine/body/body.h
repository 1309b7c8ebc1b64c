// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "engine/ir/match.h"
#include "engine/ir/program.h"
#include "formats/executable_layout.h"

// ClamAV's body patterns: hex with wildcards, gaps, alternatives, boundary
// classes, modifiers and an offset (reference §2.3, §2.4, §2.5).
namespace vitrine::engine::body {

// Letters after `::`.
struct Modifiers {
  bool nocase = false;    // i
  bool wide = false;      // w
  bool fullword = false;  // f
  bool ascii = false;     // a
};

struct Options {
  // The rule's target (reference §2.2): decides which offsets are legal.
  int target = 0;
  // .ndb and .ldb differ in what they refuse (a literal's least length).
  bool logical = false;
};

// `hex` without offset and without modifiers; `offset` as in .ndb ("*", "EP+0",
// "100,20"). kInvalid with a message for people, as clamscan would refuse it.
// kNotFound: the line is to be skipped silently, as clamscan does.
Result<ir::Pattern> Compile(std::string_view id, std::string_view hex,
                            std::string_view offset, const Modifiers& modifiers,
                            const Options& options);

// What a search runs over: an object's raw bytes, or a normalised view of it.
struct Input {
  Bytes bytes;
  // For EP, Sx, SL, SE and VI; null where the object is no executable: such
  // offsets then never match.
  const ExecutableLayout* layout = nullptr;
};

// Reports every match by rising offset, as ClamAV counts them (overlapping
// ones included; for a pattern of several parts one for each place where the
// last part ends a match). Bounded in time by `deadline`, in memory by the
// pattern.
Status FindAll(Bytes code, const Input& input, uint64_t from, MatchSink& sink,
               Deadline deadline);

// Whether a match can begin at one place of an object only, so that FindAll()
// costs next to nothing where there is none.
bool IsAtOnePlace(Bytes code);

// Whether the place of a literal tells no more than that the pattern must be
// searched for, since its second part may be far from the first.
bool IsFarReaching(Bytes code);

enum class Candidate : uint8_t { kNo, kYes, kMaybe };

// As strings::Check().
Candidate Check(Bytes code, const Input& input, uint64_t at,
                int32_t literal_offset);

}  // namespace vitrine::engine::body
