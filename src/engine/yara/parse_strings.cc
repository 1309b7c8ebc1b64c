// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "engine/yara/limits.h"
#include "engine/yara/parser.h"

// The `strings:` section.
namespace vitrine::engine::yara {
namespace {

constexpr std::string_view kStandardAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool MayFollow(StringDecl::Kind kind, std::string_view word, bool clamav) {
  static constexpr std::string_view kOld[] = {"ascii", "wide", "nocase",
                                              "fullword"};
  static constexpr std::string_view kOfText[] = {"xor", "base64", "base64wide"};
  const auto has = [word](const auto& list) {
    return std::find(std::begin(list), std::end(list), word) != std::end(list);
  };
  if (kind == StringDecl::Kind::kHex) return word == "private" && !clamav;
  if (has(kOld)) return true;
  if (clamav) return false;
  return word == "private" || (kind == StringDecl::Kind::kText && has(kOfText));
}

bool Set(bool& flag) {
  if (flag) return false;
  flag = true;
  return true;
}

}  // namespace

bool Parser::ParseStrings(RuleDecl& rule) {
  if (!Expect(":")) return false;
  if (Peek().kind != TokenKind::kStringId) {
    return Unexpected(Peek(), "string identifier");
  }
  while (Peek().kind == TokenKind::kStringId) {
    const Token id = Take();
    StringDecl decl;
    decl.name = id.text;
    decl.at = id.at;
    if (!Expect("=") || !ParseString(decl)) return false;
    if (rule.strings.size() >= kStringsMax) {
      return Fail("too-many-strings", id.at, "too many strings in rule");
    }
    rule.strings.push_back(std::move(decl));
  }
  return true;
}

bool Parser::ParseString(StringDecl& decl) {
  Token value = tokens_.TakeValue();
  if (value.kind == TokenKind::kText) {
    decl.kind = StringDecl::Kind::kText;
  } else if (value.kind == TokenKind::kHex) {
    decl.kind = StringDecl::Kind::kHex;
  } else if (value.kind == TokenKind::kRegex) {
    decl.kind = StringDecl::Kind::kRegex;
  } else {
    return Unexpected(value, "text string or hex string or regular expression");
  }
  decl.value = std::move(value.text);
  decl.flags = std::move(value.flags);
  if (!ParseModifiers(decl)) return false;
  if (clamav_ && decl.kind == StringDecl::Kind::kRegex) {
    // ClamAV's expressions heed case whatever they say.
    std::erase(decl.flags, 'i');
    decl.modifiers.nocase = false;
  }
  return true;
}

bool Parser::ParseModifiers(StringDecl& decl) {
  const Position start = Peek().at;
  while (Peek().kind == TokenKind::kKeyword &&
         MayFollow(decl.kind, Peek().text, clamav_)) {
    const Token word = Take();
    if (!ParseModifier(decl, word.text, word.at)) return false;
  }
  return CheckModifiers(decl, start);
}

bool Parser::ParseModifier(StringDecl& decl, const std::string& word,
                           Position at) {
  strings::Modifiers& m = decl.modifiers;
  bool fresh = false;
  bool ok = true;
  if (word == "ascii") fresh = Set(m.ascii);
  if (word == "wide") fresh = Set(m.wide);
  if (word == "nocase") fresh = Set(m.nocase);
  if (word == "fullword") fresh = Set(m.fullword);
  if (word == "private") fresh = Set(m.is_private);
  if (word == "xor") {
    fresh = Set(m.is_xor);
    ok = ParseXorRange(m);
  }
  if (word == "base64") {
    fresh = Set(m.base64);
    ok = ParseAlphabet(m.base64_alphabet);
  }
  if (word == "base64wide") {
    fresh = Set(m.base64wide);
    ok = ParseAlphabet(m.base64wide_alphabet);
  }
  if (!ok) return false;
  return fresh || Fail("duplicated-modifier", at, "duplicated modifier");
}

bool Parser::ParseXorRange(strings::Modifiers& modifiers) {
  if (!TakeIf("(")) return true;
  const Token low = Take();
  if (low.kind != TokenKind::kInteger) {
    return Unexpected(low, "integer number");
  }
  if (low.integer > 255) {
    return Fail("invalid-modifier", low.at, "invalid xor range");
  }
  int64_t high = low.integer;
  if (TakeIf("-")) {
    const Token token = Take();
    if (token.kind != TokenKind::kInteger) {
      return Unexpected(token, "integer number");
    }
    high = token.integer;
    if (high > 255) {
      return Fail("invalid-modifier", token.at,
                  "upper bound for xor range exceeded (max: 255)");
    }
    if (low.integer > high) {
      return Fail("invalid-modifier", low.at,
                  "xor lower bound exceeds upper bound");
    }
  }
  modifiers.xor_min = static_cast<uint8_t>(low.integer);
  modifiers.xor_max = static_cast<uint8_t>(high);
  return Expect(")");
}

bool Parser::ParseAlphabet(std::string& alphabet) {
  if (!TakeIf("(")) return true;
  const Token token = Take();
  if (token.kind != TokenKind::kText) return Unexpected(token, "text string");
  if (token.text.size() != kStandardAlphabet.size()) {
    return Fail("invalid-modifier", token.at,
                "length of base64 alphabet must be 64");
  }
  alphabet = token.text;
  return Expect(")");
}

bool Parser::CheckModifiers(const StringDecl& decl, Position at) {
  const strings::Modifiers& m = decl.modifiers;
  const auto refuse = [&](const char* pair) {
    return Fail("invalid-modifier", at,
                "invalid modifier combination: " + std::string(pair));
  };
  if (m.is_xor && m.nocase) return refuse("xor nocase");
  if (m.base64 || m.base64wide) {
    if (m.nocase) return refuse("base64 nocase");
    if (m.fullword) return refuse("base64 fullword");
    if (m.is_xor) return refuse("base64 xor");
  }
  if (m.base64 && m.base64wide) {
    const auto or_standard = [](const std::string& alphabet) {
      return alphabet.empty() ? kStandardAlphabet : std::string_view(alphabet);
    };
    if (or_standard(m.base64_alphabet) != or_standard(m.base64wide_alphabet)) {
      return Fail("invalid-modifier", at, "can not specify multiple alphabets");
    }
  }
  return true;
}

}  // namespace vitrine::engine::yara
