// SPDX-License-Identifier: Apache-2.0
#include "engine/strings/hex_parse.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "engine/strings/limits.h"

// Grammar:
//
//   body         = tokens
//   tokens       = token ((token | jump)* token)?
//   token        = '~'? byte | '(' tokens ('|' tokens)* ')'
//   byte         = two of [0-9A-Fa-f?]
//   jump         = '[' n ']' | '[' n? '-' n? ']' with at least '-' or n
namespace vitrine::engine::strings {
namespace {

Error Bad(const char* what) { return {Code::kInvalid, what}; }
Error Syntax() { return Bad("syntax error"); }

struct Jump {
  uint64_t min = 0;
  uint64_t max = 0;      // Or Segment::kEndless.
  bool is_byte = false;  // [1], which is but another `??`.

  bool IsLong() const { return min > kJumpInsideMax || max > kJumpInsideMax; }
};

class Parser {
 public:
  explicit Parser(std::string_view body) : body_(body) {}

  Result<std::vector<Segment>> Run() {
    segments_.emplace_back();
    std::vector<uint32_t> nodes = TRY(Tokens(0));
    if (!AtEnd()) return Syntax();
    Close(std::move(nodes));
    return std::move(segments_);
  }

 private:
  regex::Ast& ast() { return segments_.back().ast; }

  void Close(std::vector<uint32_t> nodes) {
    ast().root = ast().AddList(regex::Kind::kConcat, std::move(nodes));
  }

  // Past blanks and comments. A comment without its end reaches to the end.
  void SkipBlanks() {
    while (at_ < body_.size()) {
      if (IsSpace(static_cast<uint8_t>(body_[at_]))) {
        ++at_;
      } else if (body_.substr(at_, 2) == "//") {
        at_ = std::min(body_.find('\n', at_), body_.size());
      } else if (body_.substr(at_, 2) == "/*") {
        const size_t end = body_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? body_.size() : end + 2;
      } else {
        return;
      }
    }
  }

  bool AtEnd() {
    SkipBlanks();
    return at_ >= body_.size();
  }
  bool Peek(char c) { return !AtEnd() && body_[at_] == c; }
  bool Take(char c) {
    if (!Peek(c)) return false;
    ++at_;
    return true;
  }

  // Up to a `|`, a `)` or the end.
  Result<std::vector<uint32_t>> Tokens(int depth) {
    if (depth > kHexDepthMax) {
      return Error{Code::kLimit, "alternatives are nested too deeply"};
    }
    std::vector<uint32_t> nodes;
    Jump jump;
    bool has_jump = false;
    while (!AtEnd() && !Peek('|') && !Peek(')')) {
      if (++tokens_ > kHexTokensMax) {
        return Error{Code::kLimit, "hex string is too long"};
      }
      if (Take('[')) {
        const Jump next = TRY(TakeJump());
        if (nodes.empty()) return Syntax();
        jump = has_jump ? Sum(jump, next) : next;
        has_jump = true;
        if (depth > 0) TRY(CheckInside(jump));
        continue;
      }
      if (has_jump) TRY(AddJump(jump, nodes));
      has_jump = false;
      nodes.push_back(TRY(Take('(') ? Alternatives(depth) : Byte()));
    }
    if (nodes.empty() || has_jump) return Syntax();
    return nodes;
  }

  static Status CheckInside(const Jump& jump) {
    if (jump.max == Segment::kEndless) {
      return Bad("unbounded jumps not allowed inside alternation (|)");
    }
    if (jump.IsLong()) {
      return Bad("jumps over 200 not allowed inside alternation (|)");
    }
    return Ok();
  }

  static Jump Sum(const Jump& a, const Jump& b) {
    const bool endless =
        a.max == Segment::kEndless || b.max == Segment::kEndless;
    return {a.min + b.min, endless ? Segment::kEndless : a.max + b.max, false};
  }

  Status AddJump(const Jump& jump, std::vector<uint32_t>& nodes) {
    if (jump.IsLong()) {
      if (segments_.size() == kSegmentsMax) {
        return Error{Code::kLimit, "too many long jumps"};
      }
      Close(std::move(nodes));
      nodes.clear();
      segments_.emplace_back();
      segments_.back().gap_min = jump.min;
      segments_.back().gap_max = jump.max;
      return Ok();
    }
    const uint32_t any = ast().AddSet(regex::ByteSet::All());
    if (jump.is_byte) {
      nodes.push_back(any);
      return Ok();
    }
    nodes.push_back(ast().AddRepeat(any, static_cast<uint32_t>(jump.min),
                                    static_cast<uint32_t>(jump.max), false));
    return Ok();
  }

  // After the `[`.
  Result<Jump> TakeJump() {
    const std::optional<uint64_t> first = TRY(TakeNumber());
    const bool is_range = Take('-');
    const std::optional<uint64_t> second = is_range ? TRY(TakeNumber()) : first;
    if (!Take(']') || (!first && (!is_range || second))) return Syntax();
    if (!is_range && *first == 0) return Bad("invalid jump length");
    const Jump jump{first.value_or(0), second.value_or(Segment::kEndless),
                    !is_range && *first == 1};
    if (jump.max < jump.min) return Bad("invalid jump range");
    return jump;
  }

  Result<std::optional<uint64_t>> TakeNumber() {
    SkipBlanks();
    const size_t start = at_;
    while (at_ < body_.size() && IsDigit(static_cast<uint8_t>(body_[at_]))) {
      ++at_;
    }
    if (at_ == start) return std::optional<uint64_t>();
    const auto number = ParseDecimal(body_.substr(start, at_ - start));
    if (!number || *number > kJumpMax) return Bad("jump length too large");
    return number;
  }

  // After the `(`.
  Result<uint32_t> Alternatives(int depth) {
    std::vector<uint32_t> choices;
    do {
      std::vector<uint32_t> nodes = TRY(Tokens(depth + 1));
      choices.push_back(ast().AddList(regex::Kind::kConcat, std::move(nodes)));
    } while (Take('|'));
    if (!Take(')')) return Syntax();
    return ast().AddList(regex::Kind::kAlternate, std::move(choices));
  }

  Result<uint32_t> Byte() {
    const bool negated = Take('~');
    const int high = TakeDigit();
    const int low = high == kNone ? kNone : TakeDigit();
    if (negated && (low == kNone || (high == kAny && low == kAny))) {
      return Bad("invalid not operator (~) in hex string");
    }
    if (high == kNone) return Bad("invalid character in hex string");
    if (low == kNone) {
      return Bad(high == kAny ? "invalid character in hex string"
                              : "uneven number of digits in hex string");
    }
    regex::ByteSet set;
    for (int b = 0; b < 256; ++b) {
      if ((high == kAny || b >> 4 == high) && (low == kAny || b % 16 == low)) {
        set.Add(static_cast<uint8_t>(b));
      }
    }
    return ast().AddSet(negated ? set.Inverted() : set);
  }

  // Digits of one byte stand together.
  int TakeDigit() {
    if (at_ >= body_.size()) return kNone;
    const char c = body_[at_];
    const int value = c == '?' ? kAny : HexDigit(static_cast<uint8_t>(c));
    if (value != kNone) ++at_;
    return value;
  }

  static constexpr int kNone = -1;
  static constexpr int kAny = -2;

  std::string_view body_;
  size_t at_ = 0;
  size_t tokens_ = 0;
  std::vector<Segment> segments_;
};

}  // namespace

Result<std::vector<Segment>> ParseHex(std::string_view body) {
  return Parser(body).Run();
}

}  // namespace vitrine::engine::strings
