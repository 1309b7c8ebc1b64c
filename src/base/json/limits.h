// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

// What reading a JSON text may cost. A text beyond any of these is refused as
// kLimit; nothing is cut.
namespace vitrine::json {

// Objects and arrays within one another. Metadata of ours has 7; recursion
// over a value, and its destruction, go no deeper.
inline constexpr size_t kDepthMax = 16;

// Integers that every reader of JSON holds exactly (RFC 8259, section 6).
inline constexpr int64_t kIntegerMax = int64_t{1} << 53;

// Values and members in one text. One takes up to 100 bytes of memory beside
// its text, so a text costs 26 MB at most beside its own size.
inline constexpr size_t kValuesMax = size_t{1} << 18;

}  // namespace vitrine::json
