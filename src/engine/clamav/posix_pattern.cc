// SPDX-License-Identifier: Apache-2.0
#include "engine/clamav/posix_pattern.h"

#include "base/text.h"

namespace vitrine::engine::clamav {

std::string PosixToPerl(std::string_view expression) {
  std::string out;
  out.reserve(expression.size());
  bool in_class = false;
  for (size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (c == '\\') {
      if (in_class) {
        out += "\\\\";  // A backslash in a POSIX class is itself.
        continue;
      }
      if (i + 1 < expression.size()) {
        const char next = expression[++i];
        if (!IsAlnum(static_cast<uint8_t>(next))) out += '\\';
        out += next;
        continue;
      }
    } else if (c == '[' && !in_class) {
      in_class = true;
      out += c;
      // `]` right after `[` or `[^` does not end the class.
      if (i + 1 < expression.size() && expression[i + 1] == '^') {
        out += expression[++i];
      }
      if (i + 1 < expression.size() && expression[i + 1] == ']') {
        out += '\\';
        out += expression[++i];
      }
      continue;
    } else if (c == '[' && in_class && i + 1 < expression.size() &&
               expression[i + 1] == ':') {
      // A named class: [:alpha:].
      const size_t end = expression.find(":]", i + 2);
      if (end != std::string_view::npos) {
        out += expression.substr(i, end + 2 - i);
        i = end + 1;
        continue;
      }
    } else if (c == ']' && in_class) {
      in_class = false;
    }
    out += c;
  }
  return out;
}

}  // namespace vitrine::engine::clamav
