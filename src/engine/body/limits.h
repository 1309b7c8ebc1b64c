// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::engine::body {

// Hex text of one pattern. The longest of the official set has 8,000 digits.
// Beyond: the signature is refused.
inline constexpr size_t kTextMax = 1 << 20;

// Bytes that a pattern may span without its gaps: bounds code and the look
// back of a search. Beyond: the signature is refused.
inline constexpr uint32_t kLengthMax = 1 << 20;

// Parts of one pattern. The official set has 40 at most. Beyond: refused.
inline constexpr size_t kPartsMax = 1024;

// Alternatives within alternatives, as clamscan allows. Beyond: refused.
inline constexpr int kNestingMax = 16;

// Single steps of the matcher between two looks at the clock.
inline constexpr uint32_t kStepsPerClock = 1 << 14;

// `{n}` below this is n times `??`; from here on it parts the pattern.
inline constexpr uint32_t kInlineGapMax = 127;

// `[n-m]`: the largest m that clamscan takes.
inline constexpr uint32_t kSingleGapMax = 32;

// How far behind a first part the second is looked for at once, to see whether
// a candidate is one. With more, the pattern is searched for.
inline constexpr uint32_t kNearMax = 512;

// Steps times span of alternatives that are tried for the same reason.
inline constexpr uint64_t kNearProgramMax = 1 << 12;

// Matches of a part that clamscan remembers while it looks for the next part:
// the first and the last eight.
inline constexpr size_t kRememberedMax = 8;

// Steps of a part's alternatives times the bytes they may span: what a search
// holds in memory for them. Beyond: the signature is refused.
inline constexpr uint64_t kProgramStateMax = 1 << 22;

}  // namespace vitrine::engine::body
