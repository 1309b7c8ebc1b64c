// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace vitrine::html {

struct Token {
  enum class Kind : uint8_t { kWord, kNumber, kString, kSign, kGone };
  static constexpr uint32_t kNoName = UINT32_MAX;

  Kind kind = Kind::kSign;
  uint32_t begin = 0;  // In TokenList::text.
  uint32_t size = 0;
  uint32_t name = kNoName;  // The new name's number, of renamed words.
};

// The tokens of a script; their texts (of strings: what they stand for, without
// quotes) lie in `text`.
struct TokenList {
  std::vector<Token> tokens;
  ByteVector text;
  bool cut = false;

  std::string_view TextOf(const Token& token) const {
    return AsText(Bytes(text).subspan(token.begin, token.size));
  }
  bool IsSign(size_t index, char sign) const {
    return index < tokens.size() && tokens[index].kind == Token::Kind::kSign &&
           TextOf(tokens[index])[0] == sign;
  }
  bool IsWord(size_t index, std::string_view word) const {
    return index < tokens.size() && tokens[index].kind == Token::Kind::kWord &&
           TextOf(tokens[index]) == word;
  }
};

// Appends a script's tokens.
void Tokenize(Bytes script, TokenList& out);

// Appends a character as UTF-8.
void AppendUtf8(uint32_t code_point, ByteVector& out);

}  // namespace vitrine::html
