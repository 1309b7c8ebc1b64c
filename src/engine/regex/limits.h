// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::engine::regex {

// Nested groups. People write 3, generators 10; every pass over the tree
// recurses to this depth. Deeper expressions are refused.
inline constexpr int kDepthMax = 200;

// Nodes of a tree, before repetition is unrolled. The longest expressions of
// public rule sets have some thousands. Larger ones are refused.
inline constexpr size_t kNodesMax = 1 << 16;

// The largest number in {n,m}; YARA's own. Larger ones are refused.
inline constexpr uint32_t kRepeatMax = 32767;

// Bytes a match may be long: YARA 4.5 looks no further than this from where
// it began. Longer matches do not exist, as in YARA.
inline constexpr uint32_t kMatchBytesMax = 4096;

// Instructions of a program, after unrolling. `.{0,4096}` takes 8,192; what
// takes more is refused: a program is built anew for each search.
inline constexpr size_t kInstructionsMax = 1 << 16;

// Memory for the states an automaton remembers. When it is full they are
// forgotten and found anew, at the price of time.
inline constexpr size_t kStateBytesMax = 4 << 20;

// Bytes of a stretch that a search goes by; longer ones are taken in parts.
inline constexpr size_t kAnchorBytesMax = 64;

// Bytes searched between two looks at the clock.
inline constexpr size_t kBlockBytes = 1 << 16;

}  // namespace vitrine::engine::regex
