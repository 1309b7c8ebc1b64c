// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace vitrine::detect {

// Bytes at the start that tell text from data, and in which patterns that may
// stand anywhere are looked for. ClamAV 1.4 looks at as many.
inline constexpr uint64_t kPrefix = 1024;

// Text in which an HTML tag is looked for: what would be normalised at all
// (--max-htmlnormalize). A longer file is plain text if it has none by then.
inline constexpr uint64_t kHtmlSearchMax = uint64_t{40} << 20;

// Lines at the start of a text that are looked at to tell a mail.
inline constexpr int kMailLinesMax = 64;

// Files reported inside one file, of one kind and in all. A crafted file can
// be full of headers; each costs a scan of its own. Kinds whose reader goes on
// to the end of the file by itself are reported once.
inline constexpr uint64_t kEmbeddedKindMax = 32;
inline constexpr uint64_t kEmbeddedMax = 128;

// Lines of an .ftm table, parts of a line's pattern, its length in bytes. A
// table beyond them is refused.
inline constexpr uint64_t kTableLinesMax = 4096;
inline constexpr uint64_t kTablePartsMax = 32;
inline constexpr uint64_t kTablePatternMax = 4096;

}  // namespace vitrine::detect
