// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/yara/token.h"

namespace vitrine::engine::yara {

// Turns one file's text into tokens. Owns nothing: `text` must outlive it.
// Every call of Next() takes at least one byte or gives kEnd.
class Lexer {
 public:
  Lexer(std::string_view text, uint32_t file) : text_(text), file_(file) {}

  Token Next();
  // As Next(), where a string's value is expected: `{` starts a hex string.
  Token NextValue();

 private:
  // Nothing but the end follows if it returns false.
  bool SkipBlanks();
  Token Make(TokenKind kind, size_t from, size_t size);
  Token Bad(std::string_view code, std::string message, size_t size);

  Token Word();
  Token StringName();
  Token Number();
  Token Integer(size_t from, size_t digits_from, size_t end, int base);
  Token Text();
  Token Regex();
  Token Hex();
  Token Punctuation();

  char Peek(size_t ahead = 0) const {
    return ahead < text_.size() - at_ ? text_[at_ + ahead] : '\0';
  }
  // Goes `size` bytes on and keeps count of lines.
  void Advance(size_t size);
  Position Here() const;

  std::string_view text_;
  uint32_t file_;
  size_t at_ = 0;
  uint32_t line_ = 1;
  size_t line_start_ = 0;
};

}  // namespace vitrine::engine::yara
