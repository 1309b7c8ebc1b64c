// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vitrine {

// Any bytes as one word of visible ASCII without blanks, for lines of words:
// blanks, control bytes, '%' and what is not ASCII become %hh. A word is never
// empty: "%" alone stands for no bytes.
std::string QuoteWord(std::string_view text);

// The inverse; nullopt for whatever QuoteWord() does not write.
std::optional<std::string> UnquoteWord(std::string_view word);

}  // namespace vitrine
