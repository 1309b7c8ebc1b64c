// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"

// HTML as signatures see it (reference §2.2). Immutable values, no state.
namespace vitrine::html {

// In bytes; 0: none. What lies beyond is not looked at, and Views::cut is set.
struct Limits {
  uint64_t input_max = 0;   // Of the page (max-htmlnormalize).
  uint64_t notags_max = 0;  // Of the page, for `notags` (max-htmlnotags).
  uint64_t script_max = 0;  // Of `script` (max-scriptnormalize).
};

// A link: where it leads and what it says.
struct Link {
  std::string target;  // href, as written but for character references.
  std::string text;    // What is displayed.
};

// What a data: URL holds (RFC 2397).
struct DataUrl {
  std::string type;  // "text/plain"; may be empty.
  ByteVector bytes;
};

struct Views {
  // For target 3: tags and text in lower case, blanks collapsed, character
  // references decoded, comments gone.
  ByteVector nocomment;
  // For target 3: the text between the tags, and where links lead.
  ByteVector notags;
  // For targets 3 and 7: all scripts, blanks and comments gone, strings
  // joined, variables renamed. Empty where there is no script.
  ByteVector script;
  std::vector<Link> links;
  std::vector<DataUrl> data;
  bool cut = false;
};

Views Normalise(Bytes page, const Limits& limits);

// A UTF-16 page as bytes; the byte order is told from its first character.
ByteVector FromUtf16(Bytes page);

}  // namespace vitrine::html
