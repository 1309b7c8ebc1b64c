// SPDX-License-Identifier: Apache-2.0
#include "mounts/mount_table.h"

#include <optional>

#include "base/text.h"
#include "mounts/limits.h"

namespace vitrine::mounts {
namespace {

// The kernel spells blank, tab, newline and backslash as \ooo.
std::string Unescape(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto digit = [&](size_t at) {
      return at < text.size() && text[at] >= '0' && text[at] <= '7'
                 ? text[at] - '0'
                 : -1;
    };
    if (text[i] == '\\' && digit(i + 1) >= 0 && digit(i + 2) >= 0 &&
        digit(i + 3) >= 0) {
      plain += static_cast<char>(digit(i + 1) * 64 + digit(i + 2) * 8 +
                                 digit(i + 3));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [FIELD...] - TYPE SOURCE OPTIONS
std::optional<Mount> ParseLine(std::string_view line) {
  const std::vector<std::string_view> words = Split(line, ' ');
  size_t dash = 6;
  while (dash < words.size() && words[dash] != "-") ++dash;
  if (dash + 1 >= words.size()) return std::nullopt;
  const auto id = ParseDecimal(words[0]);
  if (!id || !words[4].starts_with('/')) return std::nullopt;
  Mount mount;
  mount.id = *id;
  mount.device = std::string(words[2]);
  mount.root = Unescape(words[3]);
  mount.point = Unescape(words[4]);
  mount.type = std::string(words[dash + 1]);
  if (dash + 2 < words.size()) mount.source = Unescape(words[dash + 2]);
  return mount;
}

}  // namespace

Result<std::vector<Mount>> ParseMounts(std::string_view table, size_t& odd) {
  std::vector<Mount> mounts;
  for (const std::string_view line : Split(table, '\n')) {
    if (line.empty()) continue;
    if (mounts.size() >= kMountsMax) {
      return Error{Code::kLimit, "more mounts than the guard looks at"};
    }
    auto mount = ParseLine(line);
    if (mount) {
      mounts.push_back(*std::move(mount));
    } else {
      ++odd;
    }
  }
  return mounts;
}

}  // namespace vitrine::mounts
