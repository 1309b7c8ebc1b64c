// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace vitrine::html {

// Appends "<script>...</script>" with the normalised script to `out`; false
// where the script had more than it kept. `size_max` bounds `out`; 0: nothing
// does.
//
// As clamscan does it: comments and blanks go, strings that are added become
// one, unescape() and eval() of a string are replaced by what they give,
// declared variables are called n000, n001, ... and all is in lower case.
bool AppendScript(Bytes script, uint64_t size_max, ByteVector& out);

}  // namespace vitrine::html
