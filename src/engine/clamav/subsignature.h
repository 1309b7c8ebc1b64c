// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/code.h"
#include "base/result.h"
#include "engine/body/offset.h"
#include "engine/clamav/byte_compare.h"
#include "engine/clamav/expression.h"
#include "engine/ir/program.h"

// The parts that a logical signature is made of (reference §2.5).
namespace vitrine::engine::clamav {

// A regular expression that is tried where an expression over earlier
// subsignatures holds.
struct PcreSubsignature {
  Expression trigger;
  body::Offset offset;
  std::string expression;
  uint8_t flags = 0;       // PcreFlag
  bool global = false;     // g: count all matches.
  bool rolling = false;    // r: from the offset on, not at it.
  bool encompass = false;  // e: all of the match lies in the window.
};

// A perceptual hash of a picture.
struct FuzzyImage {
  uint64_t hash = 0;
};

// `${min-max}group$`: a member of an .ndb macro group so far behind the
// subsignature before it.
struct Macro {
  uint32_t min = 0;
  uint32_t max = 0;
  uint32_t group = 0;
};

using Subsignature =
    std::variant<ir::Pattern, PcreSubsignature, ByteCompare, FuzzyImage, Macro>;

// `number` is its own. kInvalid as clamscan refuses it; kNotFound: the whole
// line is to be skipped.
Result<Subsignature> ParseSubsignature(std::string_view text, uint32_t number,
                                       int target);

// A window of the code of ir::Rule: how Evaluate() finds a subsignature's
// matches.
enum class SubsignatureKind : uint8_t {
  kUnused,
  kPattern,  // Number in Rule::patterns.
  kPcre,
  kByteCompare,
  kFuzzyImage,
  kMacro,
};

// Of kMacro: the last two fields are eight bytes at the end, for
// MacroGroups::Resolve() to fill in.
struct MacroCode {
  uint32_t anchor = 0;  // Id of the subsignature before it.
  uint32_t min = 0;
  uint32_t max = 0;
  uint32_t first_pattern = 0;
  uint32_t patterns = 0;
};
void WriteMacro(const MacroCode& macro, CodeWriter& out);
Result<MacroCode> ReadMacro(CodeReader& in);

void WritePcre(const PcreSubsignature& pcre, CodeWriter& out);
Result<PcreSubsignature> ReadPcre(CodeReader& in);

}  // namespace vitrine::engine::clamav
