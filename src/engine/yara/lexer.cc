// SPDX-License-Identifier: Apache-2.0
#include "engine/yara/lexer.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <utility>

#include "base/text.h"
#include "engine/yara/limits.h"

namespace vitrine::engine::yara {
namespace {

constexpr std::string_view kKeywords[] = {
    "all",      "and",        "any",       "ascii",     "at",
    "base64",   "base64wide", "condition", "contains",  "defined",
    "endswith", "entrypoint", "false",     "filesize",  "for",
    "fullword", "global",     "icontains", "iendswith", "iequals",
    "import",   "in",         "include",   "int16",     "int16be",
    "int32",    "int32be",    "int8",      "int8be",    "istartswith",
    "matches",  "meta",       "nocase",    "none",      "not",
    "of",       "or",         "private",   "rule",      "startswith",
    "strings",  "them",       "true",      "uint16",    "uint16be",
    "uint32",   "uint32be",   "uint8",     "uint8be",   "wide",
    "xor",
};

bool IsKeyword(std::string_view word) {
  return std::find(std::begin(kKeywords), std::end(kKeywords), word) !=
         std::end(kKeywords);
}

bool IsWordByte(char c) { return IsAlnum(static_cast<uint8_t>(c)) || c == '_'; }

bool IsDigitByte(char c) { return IsDigit(static_cast<uint8_t>(c)); }

}  // namespace

std::string Describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::kEnd:
      return "end of file";
    case TokenKind::kBad:
      return "invalid token";
    case TokenKind::kIdentifier:
      return "identifier \"" + token.text + "\"";
    case TokenKind::kKeyword:
      return "<" + token.text + ">";
    case TokenKind::kStringId:
    case TokenKind::kStringIdWildcard:
      return "string identifier \"$" + token.text + "\"";
    case TokenKind::kStringCount:
      return "string count \"#" + token.text + "\"";
    case TokenKind::kStringOffset:
      return "string offset \"@" + token.text + "\"";
    case TokenKind::kStringLength:
      return "string length \"!" + token.text + "\"";
    case TokenKind::kInteger:
      return "integer number";
    case TokenKind::kFloat:
      return "floating point number";
    case TokenKind::kText:
      return "text string";
    case TokenKind::kRegex:
      return "regular expression";
    case TokenKind::kHex:
      return "hex string";
    case TokenKind::kPunctuation:
      return "'" + token.text + "'";
  }
  return "";
}

Token Lexer::Next() {
  if (!SkipBlanks()) return Make(TokenKind::kEnd, at_, 0);
  const char c = Peek();
  if (IsAlpha(static_cast<uint8_t>(c)) || c == '_') return Word();
  if (IsDigitByte(c)) return Number();
  if (c == '!' && Peek(1) == '=') return Punctuation();
  if (c == '$' || c == '#' || c == '@' || c == '!') return StringName();
  if (c == '"') return Text();
  if (c == '/') return Regex();
  return Punctuation();
}

Token Lexer::NextValue() {
  if (!SkipBlanks()) return Make(TokenKind::kEnd, at_, 0);
  return Peek() == '{' ? Hex() : Next();
}

bool Lexer::SkipBlanks() {
  while (at_ < text_.size()) {
    const char c = Peek();
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      Advance(1);
    } else if (c == '/' && Peek(1) == '/') {
      Advance(std::min(text_.find('\n', at_), text_.size()) - at_);
    } else if (c == '/' && Peek(1) == '*') {
      const size_t end = text_.find("*/", at_ + 2);
      Advance((end == text_.npos ? text_.size() : end + 2) - at_);
      // YARA: all that follows is comment, and the end is unexpected. A whole
      // file may end so.
    } else {
      return true;
    }
  }
  return false;
}

Token Lexer::Make(TokenKind kind, size_t from, size_t size) {
  Token token;
  token.kind = kind;
  token.at = Here();
  token.text = text_.substr(from, size);
  return token;
}

Token Lexer::Bad(std::string_view code, std::string message, size_t size) {
  Token token = Make(TokenKind::kBad, at_, 0);
  // The parser meets the token only where it reads on; while it looks for the
  // next rule after an error nobody wants to hear more.
  token.flags = code;
  token.text = std::move(message);
  Advance(size);
  return token;
}

Token Lexer::Word() {
  size_t size = 1;
  while (IsWordByte(Peek(size))) ++size;
  if (size > kIdentifierMax) {
    return Bad("identifier-too-long", "identifier too long", size);
  }
  Token token = Make(TokenKind::kIdentifier, at_, size);
  if (IsKeyword(token.text)) token.kind = TokenKind::kKeyword;
  Advance(size);
  return token;
}

Token Lexer::StringName() {
  TokenKind kind = TokenKind::kStringId;
  if (Peek() == '#') kind = TokenKind::kStringCount;
  if (Peek() == '@') kind = TokenKind::kStringOffset;
  if (Peek() == '!') kind = TokenKind::kStringLength;
  size_t size = 1;
  while (IsWordByte(Peek(size))) ++size;
  const bool wildcard = kind == TokenKind::kStringId && Peek(size) == '*';
  if (wildcard) kind = TokenKind::kStringIdWildcard;
  Token token = Make(kind, at_ + 1, size - 1);
  Advance(size + (wildcard ? 1 : 0));
  return token;
}

Token Lexer::Number() {
  if (Peek() == '0' && Peek(1) == 'x' &&
      HexDigit(static_cast<uint8_t>(Peek(2))) >= 0) {
    size_t size = 3;
    while (HexDigit(static_cast<uint8_t>(Peek(size))) >= 0) ++size;
    return Integer(at_, 2, size, 16);
  }
  if (Peek() == '0' && Peek(1) == 'o' && Peek(2) >= '0' && Peek(2) <= '7') {
    size_t size = 3;
    while (Peek(size) >= '0' && Peek(size) <= '7') ++size;
    return Integer(at_, 2, size, 8);
  }
  size_t size = 1;
  while (IsDigitByte(Peek(size))) ++size;
  if (Peek(size) != '.' || !IsDigitByte(Peek(size + 1))) {
    return Integer(at_, 0, size, 10);
  }
  ++size;
  while (IsDigitByte(Peek(size))) ++size;
  Token token = Make(TokenKind::kFloat, at_, size);
  token.real = std::strtod(token.text.c_str(), nullptr);
  Advance(size);
  return token;
}

// Digits stand at [digits_from, end) of the token that starts at `from`.
Token Lexer::Integer(size_t from, size_t digits_from, size_t end, int base) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  int64_t value = 0;
  bool overflow = false;
  for (size_t i = digits_from; i < end; ++i) {
    const int digit = HexDigit(static_cast<uint8_t>(text_[from + i]));
    overflow = overflow || value > (kMax - digit) / base;
    if (!overflow) value = value * base + digit;
  }
  size_t size = end;
  if (base == 10 && (Peek(size) == 'K' || Peek(size) == 'M') &&
      Peek(size + 1) == 'B') {
    const int64_t unit = Peek(size) == 'K' ? 1024 : 1048576;
    overflow = overflow || value > kMax / unit;
    if (!overflow) value *= unit;
    size += 2;
  }
  if (overflow) {
    return Bad("integer-overflow",
               "integer " + std::string(text_.substr(from, size)) +
                   " does not fit in 64 bits",
               size);
  }
  Token token = Make(TokenKind::kInteger, from, size);
  token.integer = value;
  Advance(size);
  return token;
}

Token Lexer::Text() {
  std::string value;
  size_t size = 1;
  const auto rest_of_line = [this] {
    return std::min(text_.find('\n', at_), text_.size()) - at_;
  };
  while (true) {
    if (at_ + size >= text_.size() || Peek(size) == '\n') {
      return Bad("unterminated-string", "unterminated string", rest_of_line());
    }
    const char c = Peek(size++);
    if (c == '"') break;
    if (c != '\\') {
      value.push_back(c);
      continue;
    }
    const char escaped = Peek(size++);
    static constexpr std::string_view kEscapes = "\"\\tnr";
    static constexpr std::string_view kMeanings = "\"\\\t\n\r";
    const int high = HexDigit(static_cast<uint8_t>(Peek(size)));
    const int low = HexDigit(static_cast<uint8_t>(Peek(size + 1)));
    if (const size_t i = kEscapes.find(escaped); i != kEscapes.npos) {
      value.push_back(kMeanings[i]);
    } else if (escaped == 'x' && high >= 0 && low >= 0) {
      value.push_back(static_cast<char>(high * 16 + low));
      size += 2;
    } else {
      return Bad("illegal-escape", "illegal escape sequence", rest_of_line());
    }
  }
  Token token = Make(TokenKind::kText, at_, 0);
  token.text = std::move(value);
  Advance(size);
  return token;
}

Token Lexer::Regex() {
  std::string value;
  size_t size = 1;
  while (true) {
    if (at_ + size >= text_.size() || Peek(size) == '\n') {
      const size_t line = std::min(text_.find('\n', at_), text_.size()) - at_;
      return Bad("unterminated-regular-expression",
                 "unterminated regular expression", line);
    }
    const char c = Peek(size++);
    if (c == '/') break;
    if (c == '\\' && Peek(size) == '/') {
      ++size;
      value.push_back('/');
    } else if (c == '\\' && at_ + size < text_.size() && Peek(size) != '\n') {
      value.push_back(c);
      value.push_back(Peek(size++));
    } else {
      value.push_back(c);
    }
  }
  Token token = Make(TokenKind::kRegex, at_, 0);
  token.text = std::move(value);
  if (Peek(size) == 'i') token.flags.push_back(Peek(size++));
  if (Peek(size) == 's') token.flags.push_back(Peek(size++));
  Advance(size);
  return token;
}

Token Lexer::Hex() {
  static constexpr std::string_view kAllowed = " \t\r\n-|~?[]()";
  size_t size = 1;
  while (at_ + size < text_.size() && Peek(size) != '}') {
    const char c = Peek(size);
    if (c == '/' && (Peek(size + 1) == '/' || Peek(size + 1) == '*')) {
      const std::string_view end = Peek(size + 1) == '/' ? "\n" : "*/";
      const size_t found = text_.find(end, at_ + size + 2);
      if (found == text_.npos) break;
      size = found - at_ + end.size();
    } else if (HexDigit(static_cast<uint8_t>(c)) >= 0 ||
               kAllowed.find(c) != kAllowed.npos) {
      ++size;
    } else {
      break;
    }
  }
  // Not a hex string, then: a brace where none may stand.
  if (Peek(size) != '}') return Punctuation();
  Token token = Make(TokenKind::kHex, at_ + 1, size - 1);
  Advance(size + 1);
  return token;
}

Token Lexer::Punctuation() {
  static constexpr std::string_view kPairs[] = {
      "==", "!=", "<=", ">=", "<<", ">>", ".."};
  static constexpr std::string_view kSingles = "(){}[],:.=<>+-*\\%&|^~";
  const std::string_view pair = text_.substr(at_, 2);
  for (const std::string_view known : kPairs) {
    if (pair != known) continue;
    Token token = Make(TokenKind::kPunctuation, at_, 2);
    Advance(2);
    return token;
  }
  if (kSingles.find(Peek()) != kSingles.npos) {
    Token token = Make(TokenKind::kPunctuation, at_, 1);
    Advance(1);
    return token;
  }
  const auto byte = static_cast<uint8_t>(Peek());
  if (byte < 0x20 || byte >= 0x7f) {
    return Bad("non-ascii-character", "non-ascii character", 1);
  }
  return Bad(
      "syntax-error",
      "syntax error, unexpected character '" + std::string(1, Peek()) + "'", 1);
}

void Lexer::Advance(size_t size) {
  for (const size_t end = at_ + size; at_ < end; ++at_) {
    if (text_[at_] != '\n') continue;
    ++line_;
    line_start_ = at_ + 1;
  }
}

Position Lexer::Here() const {
  return {file_, line_, static_cast<uint32_t>(at_ - line_start_ + 1)};
}

}  // namespace vitrine::engine::yara
