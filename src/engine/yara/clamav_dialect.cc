// SPDX-License-Identifier: Apache-2.0
#include "engine/yara/clamav_dialect.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace vitrine::engine::yara {
namespace {

// Without blanks and comments.
std::string Bare(std::string_view hex) {
  std::string bare;
  for (size_t i = 0; i < hex.size(); ++i) {
    if (hex.substr(i, 2) == "//" || hex.substr(i, 2) == "/*") {
      const std::string_view end = hex[i + 1] == '/' ? "\n" : "*/";
      const size_t found = hex.find(end, i + 2);
      if (found == hex.npos) break;
      i = found + end.size() - 1;
    } else if (!IsSpace(static_cast<uint8_t>(hex[i]))) {
      bare.push_back(hex[i]);
    }
  }
  return bare;
}

// `piece` is what stands between two jumps.
bool HasTwoBytes(std::string_view piece) {
  size_t run = 0;
  size_t depth = 0;
  for (const char c : piece) {
    if (c == '(') ++depth;
    if (c == ')' && depth > 0) --depth;
    const bool plain = depth == 0 && HexDigit(static_cast<uint8_t>(c)) >= 0;
    run = plain ? run + 1 : 0;
    if (run == 4) return true;
  }
  return false;
}

}  // namespace

bool HasNoSingleBytes(std::string_view hex) {
  const std::string bare = Bare(hex);
  size_t from = 0;
  while (true) {
    const size_t jump = std::min(bare.find('[', from), bare.size());
    if (!HasTwoBytes(std::string_view(bare).substr(from, jump - from))) {
      return false;
    }
    if (jump == bare.size()) return true;
    from = std::min(bare.find(']', jump), bare.size() - 1) + 1;
  }
}

bool IsTooShort(const StringDecl& string) {
  return string.kind == StringDecl::Kind::kText && string.value.size() < 2;
}

}  // namespace vitrine::engine::yara
