// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace vitrine::html {

// The name of a tag, attribute or character reference. The longest that mean
// anything have 12 letters. Beyond: it is none of them.
inline constexpr size_t kNameMax = 32;

// Links and data: URLs kept of one page. A page of links has thousands.
// Beyond: Views::cut.
inline constexpr size_t kLinksMax = 20000;
inline constexpr size_t kDataUrlsMax = 10000;

// Bytes kept of a link's displayed text; beyond: the head. And of an address:
// a data: URL may be most of a page. Beyond: the head, and Views::cut.
inline constexpr size_t kLinkTextMax = 4096;
inline constexpr size_t kAddressMax = size_t{64} << 20;

// Functions within functions of a script. Beyond: their variables keep their
// names.
inline constexpr size_t kScopesMax = 32;

// Tokens of one script, 16 bytes each. A megabyte of script has 300,000.
// Beyond: Views::cut.
inline constexpr size_t kTokensMax = 4'000'000;

// Bytes of one script, whatever the caller allows: positions have 32 bits.
// Beyond: Views::cut.
inline constexpr size_t kScriptMax = 1 << 28;

}  // namespace vitrine::html
