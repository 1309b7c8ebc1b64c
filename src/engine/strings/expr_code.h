// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "engine/ir/program.h"
#include "engine/regex/ast.h"

// Hex strings and regular expressions as code: of one of two forms.
namespace vitrine::engine::strings {

// A part of a string that is searched for in one piece. Long jumps stand
// between segments.
struct Segment {
  static constexpr uint64_t kEndless = UINT64_MAX;

  regex::Ast ast;
  // Bytes between the last segment's end and this one's start. 0 for the
  // first.
  uint64_t gap_min = 0;
  uint64_t gap_max = 0;  // Or kEndless.
  // What a search goes by; narrow. Every match holds one. May be empty.
  ir::AtomChoice literals;
};

// The general form.
struct Chain {
  bool is_hex = false;
  bool ascii = true;
  bool wide = false;
  bool fullword = false;
  bool greedy = false;
  // YARA takes the neighbours of a wide match for narrow ones where it has no
  // atoms to go by.
  bool narrow_fullword = false;
  std::vector<Segment> segments;  // One to kSegmentsMax.
};

// A hex string of fixed length: object[i] & masks[i] == values[i].
struct Masked {
  ByteVector values;
  ByteVector masks;
};
struct MaskedView {
  Bytes values;  // Not empty; at least one mask is 0xff.
  Bytes masks;
};

ByteVector Encode(const Chain& chain);
ByteVector Encode(const Masked& masked);

// `code` may be hostile: nullopt if it is not of this form.
std::optional<MaskedView> ViewMasked(Bytes code);
// kInvalid.
Result<Chain> DecodeChain(Bytes code);

}  // namespace vitrine::engine::strings
