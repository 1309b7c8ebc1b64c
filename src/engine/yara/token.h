// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "engine/yara/diagnostics.h"

namespace vitrine::engine::yara {

enum class TokenKind : uint8_t {
  kEnd,
  kBad,  // A lexical error: `text` is the message, `flags` its code.
  kIdentifier,
  kKeyword,           // `text` is the word.
  kStringId,          // $a: `text` is "a".
  kStringIdWildcard,  // $a*: `text` is "a".
  kStringCount,       // #a
  kStringOffset,      // @a
  kStringLength,      // !a
  kInteger,
  kFloat,
  kText,   // `text` is unescaped.
  kRegex,  // `text` is what stands between the slashes, `flags` after them.
  kHex,    // `text` is what stands between the braces.
  kPunctuation,  // `text` is it: "==", "..", "(", ...
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Position at;
  std::string text;
  std::string flags;
  int64_t integer = 0;
  double real = 0;

  bool Is(const char* punctuation) const {
    return kind == TokenKind::kPunctuation && text == punctuation;
  }
  bool IsWord(const char* keyword) const {
    return kind == TokenKind::kKeyword && text == keyword;
  }
};

// For messages: `identifier "foo"`, `<condition>`, "end of file".
std::string Describe(const Token& token);

}  // namespace vitrine::engine::yara
