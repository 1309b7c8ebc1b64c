// SPDX-License-Identifier: Apache-2.0
#include "formats/html/script.h"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "formats/html/limits.h"
#include "formats/html/rename.h"
#include "formats/html/token.h"

namespace vitrine::html {
namespace {

using Kind = Token::Kind;

bool IsString(const TokenList& list, size_t i) {
  return i < list.tokens.size() && list.tokens[i].kind == Kind::kString;
}

// "a" + "b" becomes "ab".
void JoinStrings(TokenList& list) {
  auto& tokens = list.tokens;
  size_t to = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != Kind::kString || !list.IsSign(i + 1, '+') ||
        !IsString(list, i + 2)) {
      tokens[to++] = tokens[i];
      continue;
    }
    Token joined = tokens[i];
    joined.begin = static_cast<uint32_t>(list.text.size());
    const auto append = [&](const Token& token) {
      // The text may move as it grows: by position, not by pointer.
      for (uint32_t k = 0; k < token.size; ++k) {
        list.text.push_back(list.text[token.begin + k]);
      }
    };
    append(tokens[i]);
    while (list.IsSign(i + 1, '+') && IsString(list, i + 2)) {
      append(tokens[i + 2]);
      i += 2;
    }
    joined.size = static_cast<uint32_t>(list.text.size()) - joined.begin;
    tokens[to++] = joined;
  }
  tokens.resize(to);
}

// %41 and %u0041.
ByteVector Unescape(std::string_view text) {
  ByteVector out;
  const auto hex = [&](size_t at, size_t digits, uint32_t& value) {
    if (digits > text.size() || at > text.size() - digits) return false;
    value = 0;
    for (size_t i = 0; i < digits; ++i) {
      const int digit = HexDigit(static_cast<uint8_t>(text[at + i]));
      if (digit < 0) return false;
      value = value << 4 | static_cast<uint32_t>(digit);
    }
    return true;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    uint32_t value = 0;
    if (text[i] != '%') {
      out.push_back(static_cast<uint8_t>(text[i]));
    } else if (i + 1 < text.size() && text[i + 1] == 'u' &&
               hex(i + 2, 4, value)) {
      AppendUtf8(value, out);
      i += 5;
    } else if (hex(i + 1, 2, value)) {
      out.push_back(static_cast<uint8_t>(value));
      i += 2;
    } else {
      out.push_back('%');
    }
  }
  return out;
}

// name("...") starts at token `i`.
bool IsCallOfString(const TokenList& list, size_t i, std::string_view name) {
  return list.IsWord(i, name) && !(i > 0 && list.IsSign(i - 1, '.')) &&
         list.IsSign(i + 1, '(') && IsString(list, i + 2) &&
         list.IsSign(i + 3, ')');
}

void FoldUnescape(TokenList& list) {
  auto& tokens = list.tokens;
  size_t to = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (!IsCallOfString(list, i, "unescape")) {
      tokens[to++] = tokens[i];
      continue;
    }
    Token token = tokens[i + 2];
    const ByteVector plain = Unescape(list.TextOf(token));
    token.begin = static_cast<uint32_t>(list.text.size());
    token.size = static_cast<uint32_t>(plain.size());
    list.text.insert(list.text.end(), plain.begin(), plain.end());
    tokens[to++] = token;
    i += 3;
  }
  tokens.resize(to);
}

// eval("x = 1;"); is replaced by x = 1; once: what that evaluates stays.
void FoldEval(TokenList& list) {
  bool any = false;
  for (size_t i = 0; i < list.tokens.size() && !any; ++i) {
    any = IsCallOfString(list, i, "eval");
  }
  if (!any) return;
  std::vector<Token> old = std::exchange(list.tokens, {});
  TokenList view;
  view.tokens = std::move(old);
  view.text = list.text;
  for (size_t i = 0; i < view.tokens.size(); ++i) {
    if (!IsCallOfString(view, i, "eval")) {
      list.tokens.push_back(view.tokens[i]);
      continue;
    }
    Tokenize(AsBytes(view.TextOf(view.tokens[i + 2])), list);
    i += 3;
    if (view.IsSign(i + 1, ';')) ++i;
  }
}

class Printer {
 public:
  Printer(const TokenList& list, uint64_t size_max, ByteVector& out)
      : list_(list), size_max_(size_max), out_(out) {}

  bool Print() {
    bool after_word = false;
    for (const Token& token : list_.tokens) {
      const bool is_word =
          token.kind == Kind::kWord || token.kind == Kind::kNumber;
      if (is_word && after_word) out_.push_back(' ');
      after_word = is_word;
      if (token.kind == Kind::kString) out_.push_back('"');
      PrintText(token);
      if (token.kind == Kind::kString) out_.push_back('"');
      if (size_max_ != 0 && out_.size() > size_max_) {
        out_.resize(size_max_);
        return false;
      }
    }
    return true;
  }

 private:
  void PrintText(const Token& token) {
    if (token.name != Token::kNoName) {
      char name[16];
      std::snprintf(name, sizeof name, "n%03u", token.name);
      for (const char* c = name; *c != 0; ++c) {
        out_.push_back(static_cast<uint8_t>(*c));
      }
      return;
    }
    for (const char c : list_.TextOf(token)) {
      out_.push_back(ToLower(static_cast<uint8_t>(c)));
    }
  }

  const TokenList& list_;
  uint64_t size_max_;
  ByteVector& out_;
};

void Append(std::string_view text, ByteVector& out) {
  out.insert(out.end(), text.begin(), text.end());
}

}  // namespace

bool AppendScript(Bytes script, uint64_t size_max, ByteVector& out) {
  TokenList list;
  const uint64_t allowed =
      size_max == 0 ? kScriptMax : std::min<uint64_t>(size_max, kScriptMax);
  if (script.size() > allowed) {
    script = script.first(allowed);
    list.cut = true;
  }
  Tokenize(script, list);
  JoinStrings(list);
  FoldUnescape(list);
  FoldEval(list);
  RenameDeclared(list);
  Append("<script>", out);
  const bool whole = Printer(list, size_max, out).Print();
  Append("</script>", out);
  return whole && !list.cut;
}

}  // namespace vitrine::html
