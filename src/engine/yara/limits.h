// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::engine::yara {

// Height of a condition's tree. People write about 20; the parser, the checks
// and the evaluator recurse once a level. Above it the rule is refused.
inline constexpr uint32_t kDepthMax = 400;

// Levels of the parser's own recursion: a parenthesis takes two. Above it the
// rule is refused.
inline constexpr uint32_t kRecursionMax = 2 * kDepthMax;

// Levels the evaluator goes down in code. Above the compiler's own limit, as a
// loop takes a level more in code than in the tree. Above it: bad code.
inline constexpr uint32_t kCodeDepthMax = 2 * kDepthMax + 16;

// YARA's own: files included by files included by ... Above it the include is
// refused.
inline constexpr size_t kIncludeDepthMax = 16;

// Included files of one source. Each may include two others, 16 deep: without
// this 2^16 files. Above it the include is refused.
inline constexpr size_t kIncludesMax = 4096;

// YARA's own limits. Above them the rule is refused.
inline constexpr size_t kIdentifierMax = 128;
inline constexpr size_t kLoopDepthMax = 4;
inline constexpr size_t kStringsMax = 10000;

// Loop variables alive at once: kLoopDepthMax loops of a key and a value.
inline constexpr size_t kVariablesMax = 2 * kLoopDepthMax;

// Modules one rule may use. There are twelve. Above it the rule is refused.
inline constexpr size_t kModulesMax = 16;

// Sections that `entrypoint` looks at: those a loader knows. Later ones are
// passed over, as YARA does.
inline constexpr size_t kPeSectionsMax = 96;

// Arguments of a function. YARA's functions take at most 4. Above it the rule
// is refused.
inline constexpr size_t kArgumentsMax = 16;

// Diagnostics of one source. A file of binary rubbish has one a byte. Above it
// reading stops, and says so.
inline constexpr size_t kDiagnosticsMax = 10000;

// Members of a `for ... of` whose gate is worked out, which takes the body's
// size each. Above it the loop has no gate: the rule is always evaluated.
inline constexpr size_t kGateSetMax = 1024;

// How many loop bodies and set members are evaluated between two looks at the
// clock (about 25 ns each look).
inline constexpr uint32_t kStepsPerClock = 256;

// Loop bodies and set members of one evaluation: about half a minute. Only met
// where no deadline was given. At it: kLimit.
inline constexpr uint64_t kStepsMax = uint64_t{1} << 30;

}  // namespace vitrine::engine::yara
