// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vitrine::house {

struct Include {
  int line = 0;
  bool angled = false;  // <…>, not "…".
  std::string path;

  bool operator==(const Include&) const = default;
};

// The #include lines of a C++ source, conditional ones too.
std::vector<Include> IncludesOf(std::string_view text);

// `text` with comments, string and character literals blanked; line breaks
// stay where they are.
std::string WithoutLiterals(std::string_view text);

}  // namespace vitrine::house
