// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace vitrine::engine::compile {

// Bytes of a literal that an atom compares before it asks the pattern. More
// would only repeat what the pattern's own check does.
inline constexpr uint32_t kAtomSizeMax = 64;

// Bits a quad of the bitmap: 2^4 keep false candidates to 3 % of positions, 2^6
// to 1 %, where that does not take more than 2^19 bits. The bitmap never has
// fewer than 2^15 bits nor more than 2^21: it must stay in the second-level
// cache.
inline constexpr uint32_t kBitsPerGramLog2 = 4;
inline constexpr uint32_t kBitsPerGramOfFewLog2 = 6;
inline constexpr uint32_t kBitsOfFewLog2Most = 19;
inline constexpr uint32_t kBitsLog2Least = 15;
inline constexpr uint32_t kBitsLog2Most = 21;

// A literal expected at more than one position in a hundred (runs of zeros) is
// no atom: working off its candidates would cost more than searching for the
// pattern in each view.
inline constexpr double kAtomFrequencyMax = 4294967296.0 / 100;

// A literal at a varying distance from its match's start, or a common one, says
// "perhaps", and the whole view is searched; one at a fixed distance that is
// seen less than once in 16 KiB names the few places to try. So the former
// counts for as many of the latter.
inline constexpr double kSearchCost = 200;
inline constexpr double kRareFrequencyMax = 4294967296.0 / 16384;

// How often a PE file begins: they have a megabyte or so.
inline constexpr double kStubFrequency = 4294967296.0 / (1 << 20);

// Literals of less than four bytes take a pass over the bytes of their own,
// which many of them make slow: one is worth a candidate in 8 KiB, so that a
// longer literal stands for the pattern wherever that is not much more common.
inline constexpr double kShortCost = 4294967296.0 / 8192;

// A look at the filter's tables costs a quarter of what a candidate does. A
// literal of four bytes sets 128 of the bitmap's bits, so that one place in
// 2^14 or so takes a look for it.
inline constexpr double kLookCost = 1.0 / 4;
inline constexpr double kLoneQuadCost = kLookCost * 4294967296.0 / (1 << 14);

// A pattern that no rule is gated by is looked for all the same if it costs
// less than a candidate in 20,000 bytes: when its rule is evaluated, the sweep
// has already said "absent" for nothing. So for the patterns of YARA's rules,
// and of those of ClamAV's rules whose gate is expected to open once in 4 MiB
// or more often; once in 256 MiB in the filters that few rules look through.
inline constexpr double kEvidenceFrequencyMax = 4294967296.0 / 20000;
inline constexpr double kEvidenceGateCost = 1024;
inline constexpr double kEvidenceGateCostOfFew = 16;

// Rule references and AND/OR trees deeper than this are taken as "may always
// hold", which is sound and slow.
inline constexpr int kGateDepthMax = 64;

}  // namespace vitrine::engine::compile
