// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace vitrine::engine::strings {

inline constexpr size_t kBase64AlphabetSize = 64;

// What `text` looks like inside base64, in its three alignments: only the
// characters that depend on nothing but the text. Alignments that leave none
// are left out. `alphabet` is empty (the standard one) or 64 characters.
std::vector<ByteVector> Base64Forms(Bytes text, std::string_view alphabet);

}  // namespace vitrine::engine::strings
