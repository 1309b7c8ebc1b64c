// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/text.h"
#include "engine/strings/strings.h"

// For tests: text strings found place by place, straight from the manual.
namespace vitrine::engine::strings {

// Length and key by offset.
using NaiveMatches = std::map<uint64_t, std::pair<uint64_t, int>>;

inline bool NaiveMatchesAt(Bytes object, uint64_t at, Bytes text, bool nocase,
                           int key) {
  if (at + text.size() > object.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    uint8_t a = object[at + i];
    auto b = static_cast<uint8_t>(text[i] ^ key);
    if (nocase) {
      a = ToLower(a);
      b = ToLower(b);
    }
    if (a != b) return false;
  }
  return true;
}

inline bool NaiveFullword(Bytes object, uint64_t begin, uint64_t end,
                          bool wide) {
  const uint64_t unit = wide ? 2 : 1;
  const auto is_letter = [&](uint64_t at) {
    return at + unit <= object.size() && IsAlnum(object[at]) &&
           (!wide || object[at + 1] == 0);
  };
  return !(begin >= unit && is_letter(begin - unit)) && !is_letter(end);
}

inline NaiveMatches NaiveSearch(Bytes text, const Modifiers& modifiers,
                                Bytes object) {
  ByteVector wide;
  for (const uint8_t byte : text) {
    wide.push_back(byte);
    wide.push_back(0);
  }
  NaiveMatches matches;
  for (uint64_t at = 0; at < object.size(); ++at) {
    const int last = modifiers.is_xor ? modifiers.xor_max : 0;
    for (int key = modifiers.is_xor ? modifiers.xor_min : 0; key <= last;
         ++key) {
      for (const bool is_wide : {false, true}) {
        if (is_wide ? !modifiers.wide : modifiers.wide && !modifiers.ascii) {
          continue;
        }
        const Bytes needle = is_wide ? Bytes(wide) : text;
        if (!NaiveMatchesAt(object, at, needle, modifiers.nocase, key) ||
            (modifiers.fullword &&
             !NaiveFullword(object, at, at + needle.size(), is_wide))) {
          continue;
        }
        const auto [old, is_new] = matches.try_emplace(at, needle.size(), key);
        if (!is_new && needle.size() < old->second.first) {
          old->second = {needle.size(), key};
        }
      }
    }
  }
  return matches;
}

}  // namespace vitrine::engine::strings
