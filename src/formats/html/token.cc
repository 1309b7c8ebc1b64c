// SPDX-License-Identifier: Apache-2.0
#include "formats/html/token.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "formats/html/limits.h"

namespace vitrine::html {
namespace {

bool StartsWord(uint8_t c) { return IsAlpha(c) || c == '_' || c == '$'; }
bool IsInWord(uint8_t c) { return StartsWord(c) || IsDigit(c); }

bool IsSignByte(uint8_t c) {
  return c > 0x20 && c < 0x7f && c != '@' && c != '#' && c != '`' && c != '\\';
}

class Tokenizer {
 public:
  Tokenizer(Bytes script, TokenList& out) : script_(script), out_(out) {}

  void Run() {
    while (!AtEnd()) {
      if (out_.tokens.size() >= kTokensMax ||
          out_.text.size() > UINT32_MAX - script_.size()) {
        out_.cut = true;
        return;
      }
      ReadToken();
    }
  }

 private:
  bool AtEnd() const { return at_ >= script_.size(); }
  uint8_t Peek(size_t ahead) const {
    return ahead < script_.size() - at_ ? script_[at_ + ahead] : 0;
  }

  void ReadToken() {
    const uint8_t c = script_[at_];
    if (c == '/' && Peek(1) == '*') return SkipComment();
    if (c == '/' && Peek(1) == '/') return SkipWord();
    if (c == '"' || c == '\'') return ReadString(c);
    if (StartsWord(c)) return ReadWord();
    if (IsDigit(c)) return ReadNumber();
    ++at_;
    if (IsSignByte(c)) Add(Token::Kind::kSign, {&c, 1});
  }

  void Add(Token::Kind kind, Bytes text) {
    const size_t begin = out_.text.size();
    out_.text.insert(out_.text.end(), text.begin(), text.end());
    AddFrom(kind, begin);
  }

  void AddFrom(Token::Kind kind, size_t begin) {
    Token token;
    token.kind = kind;
    token.begin = static_cast<uint32_t>(begin);
    token.size = static_cast<uint32_t>(out_.text.size() - begin);
    out_.tokens.push_back(token);
  }

  void SkipComment() {
    at_ += 2;
    while (!AtEnd() && !(script_[at_] == '*' && Peek(1) == '/')) ++at_;
    at_ = at_ + 2 < script_.size() ? at_ + 2 : script_.size();
  }

  // To clamscan a line comment ends with its first word.
  void SkipWord() {
    while (!AtEnd() && !IsSpace(script_[at_])) ++at_;
  }

  void ReadWord() {
    const size_t begin = out_.text.size();
    for (; !AtEnd(); ++at_) {
      const uint8_t c = script_[at_];
      if (c == 0 || c == '\r') continue;
      if (!IsInWord(c)) break;
      out_.text.push_back(c);
    }
    AddFrom(Token::Kind::kWord, begin);
  }

  size_t SkipDigits() {
    const size_t before = at_;
    while (!AtEnd() && IsDigit(script_[at_])) ++at_;
    return at_ - before;
  }

  // Numbers are printed anew: 1.50 becomes 1.5, 010 becomes 10.
  void ReadNumber() {
    const size_t start = at_;
    SkipDigits();
    const bool fraction = Peek(0) == '.';
    if (fraction) {
      ++at_;
      SkipDigits();
      if (Peek(0) == 'e' || Peek(0) == 'E') {
        const size_t exponent = at_++;
        if (Peek(0) == '+' || Peek(0) == '-') ++at_;
        if (SkipDigits() == 0) at_ = exponent;
      }
    }
    const std::string text(AsText(script_.subspan(start, at_ - start)));
    char printed[64];
    if (fraction) {
      std::snprintf(printed, sizeof printed, "%g",
                    std::strtod(text.c_str(), nullptr));
    } else {
      std::snprintf(printed, sizeof printed, "%d",
                    static_cast<int>(std::strtol(text.c_str(), nullptr, 10)));
    }
    Add(Token::Kind::kNumber, AsBytes(printed));
  }

  void ReadString(uint8_t quote) {
    const size_t begin = out_.text.size();
    ++at_;
    while (!AtEnd() && script_[at_] != quote) {
      const uint8_t c = script_[at_++];
      if (c == 0 || c == '\r') continue;
      if (c == '\\' && !AtEnd()) {
        ReadEscape();
      } else {
        out_.text.push_back(IsSpace(c) ? ' ' : c);
      }
    }
    if (!AtEnd()) ++at_;
    AddFrom(Token::Kind::kString, begin);
  }

  // `digits` hex digits from here on, or nothing.
  bool ReadHex(size_t digits, uint32_t& value) {
    value = 0;
    for (size_t i = 0; i < digits; ++i) {
      const int digit = HexDigit(Peek(i));
      if (digit < 0) return false;
      value = value << 4 | static_cast<uint32_t>(digit);
    }
    at_ += digits;
    return true;
  }

  void ReadEscape() {
    const uint8_t c = script_[at_++];
    uint32_t value = 0;
    switch (c) {
      case 'n':
      case 't':
      case 'r':
      case 'v':
      case '\n':
        out_.text.push_back(' ');
        break;
      case 'x':
        if (ReadHex(2, value)) {
          if (value != 0) out_.text.push_back(static_cast<uint8_t>(value));
        } else {
          out_.text.push_back(c);
        }
        break;
      case 'u':
        if (ReadHex(4, value)) {
          AppendUtf8(value, out_.text);
        } else {
          out_.text.push_back(c);
        }
        break;
      default:
        out_.text.push_back(c);
    }
  }

  Bytes script_;
  TokenList& out_;
  size_t at_ = 0;
};

}  // namespace

void AppendUtf8(uint32_t code_point, ByteVector& out) {
  const auto tail = [&](int shift) {
    return static_cast<uint8_t>(0x80 | (code_point >> shift & 0x3f));
  };
  if (code_point < 0x80) {
    out.push_back(static_cast<uint8_t>(code_point));
  } else if (code_point < 0x800) {
    out.push_back(static_cast<uint8_t>(0xc0 | code_point >> 6));
    out.push_back(tail(0));
  } else {
    out.push_back(static_cast<uint8_t>(0xe0 | (code_point >> 12 & 0x0f)));
    out.push_back(tail(6));
    out.push_back(tail(0));
  }
}

void Tokenize(Bytes script, TokenList& out) { Tokenizer(script, out).Run(); }

}  // namespace vitrine::html
