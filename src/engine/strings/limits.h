// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::engine::strings {

// Nested alternatives of a hex string. Deeper ones are refused.
inline constexpr int kHexDepthMax = 100;

// Bytes, masks and jumps of a hex string; YARA's own limit is of this order.
// Larger strings are refused.
inline constexpr size_t kHexTokensMax = 10'000;

// A jump longer than this parts a string in two, as in YARA: the parts are
// searched for separately. Not allowed inside alternatives.
inline constexpr uint64_t kJumpInsideMax = 200;

// The largest number in a jump; YARA's own.
inline constexpr uint64_t kJumpMax = 0x7fffffff;

// Parts of a string that long jumps separate. Each takes a search of its own;
// chains of more are refused.
inline constexpr size_t kSegmentsMax = 128;

// Needles of a text string: base64 in three alignments, of ascii and wide
// text, encoded to ascii and wide. Code that claims more is bad.
inline constexpr size_t kNeedlesMax = 12;

// Bytes of an atom literal. A longer one finds nothing more.
inline constexpr size_t kAtomBytesMax = 64;

// Bytes of an atom literal that is given once for each key.
inline constexpr size_t kXorAtomBytesMax = 16;

// Bytes searched between two looks at the clock.
inline constexpr size_t kChunkBytes = 4 << 20;

// Bytes of an expression's beginning that a candidate is held against before
// its automaton is built. More would tell few more off.
inline constexpr size_t kPrefixMax = 24;

}  // namespace vitrine::engine::strings
