// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::engine::clamav {

// One line of a database. The official set stays below 64 KiB. Beyond: the
// line is refused.
inline constexpr size_t kLineMax = size_t{4} << 20;

// Subsignatures of one logical signature; ClamAV's own limit. Beyond: refused.
inline constexpr uint32_t kSubsignaturesMax = 64;

// Parentheses within parentheses, and alternations of `&` and `|`. Real ones
// stay below ten; evaluation recurses this deep. Beyond: refused.
inline constexpr size_t kExpressionDepthMax = 512;

// Nodes of one expression. Beyond: refused.
inline constexpr size_t kExpressionNodesMax = size_t{1} << 16;

// Nodes of the gate of one regular expression's trigger. Beyond: the gate is
// given up, and the signature runs on every object of its target.
inline constexpr size_t kGateNodesMax = 512;

// Members of one macro group. No real signature uses any. Beyond: refused.
inline constexpr size_t kMacroMembersMax = 4096;

// Compiled regular expressions that one thread keeps. Beyond: all are dropped
// and made again as they are needed.
inline constexpr size_t kRegexesCachedMax = 4096;

// Memory that one run of a regular expression may take, in KiB. Beyond: no
// match, and the scan is reported as limited.
inline constexpr uint32_t kRegexHeapKib = 64 * 1024;

// Matches of one `g` expression that are counted. Beyond: not counted, which
// no count in a real signature comes near.
inline constexpr uint32_t kRegexMatchesMax = 1'000'000;

// Bytes that a byte comparison may read as text; ClamAV's own limit for
// hexadecimal is lower. Beyond: refused.
inline constexpr uint32_t kCompareBytesMax = 255;

// Containers in an `Intermediates` chain; ClamAV's own limit. Beyond: refused.
inline constexpr size_t kIntermediatesMax = 16;

}  // namespace vitrine::engine::clamav
