// SPDX-License-Identifier: Apache-2.0
#include "engine/regex/parser.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "engine/regex/limits.h"

// Grammar, as YARA 4.5 has it:
//
//   alternation   = concatenation ('|' concatenation?)*
//   concatenation = item+
//   item          = '^' | '$' | '\b' | '\B' | single (quantifier '?'?)?
//   single        = byte | '.' | class | '(' '?:'? alternation ')'
//   quantifier    = '*' | '+' | '?' | '{' n '}' | '{' n? ' '* ',' ' '* n? '}'
//
// A `{` that starts no quantifier is a byte. A quantifier that follows nothing
// it could apply to is an error, so are an empty group and an empty first
// alternative.
namespace vitrine::engine::regex {
namespace {

Error Syntax() { return {Code::kInvalid, "syntax error"}; }
Error BadEscape() { return {Code::kInvalid, "illegal escape sequence"}; }

struct Interval {
  uint32_t min = 0;
  uint32_t max = 0;
  bool has_end = true;
};

// One element of a class or one escape: a set, and the byte it stands for
// where only a byte makes sense (`[\d-z]` is the range from d to z).
struct Element {
  ByteSet set;
  uint8_t byte = 0;
  bool is_class = false;
};

class Parser {
 public:
  Parser(std::string_view source, Flags flags)
      : source_(source), flags_(flags) {}

  Result<Parsed> Run() {
    const uint32_t root = TRY(Alternation(0));
    if (!AtEnd()) return Syntax();  // A `)` without its `(`.
    if (parsed_.greedy && parsed_.lazy) {
      return Error{Code::kInvalid,
                   "greedy and ungreedy quantifiers can't be mixed in a "
                   "regular expression"};
    }
    parsed_.ast.root = root;
    return std::move(parsed_);
  }

 private:
  bool AtEnd() const { return at_ >= source_.size(); }
  bool Peek(char c) const { return !AtEnd() && source_[at_] == c; }
  bool Take(char c) {
    if (!Peek(c)) return false;
    ++at_;
    return true;
  }
  uint8_t Next() { return static_cast<uint8_t>(source_[at_++]); }

  Result<uint32_t> Alternation(int depth) {
    if (depth > kDepthMax) {
      return Error{Code::kLimit, "regular expression is nested too deeply"};
    }
    std::vector<uint32_t> choices;
    choices.push_back(TRY(Concatenation(depth)));
    while (Take('|')) {
      if (AtEnd() || Peek('|') || Peek(')')) {
        choices.push_back(parsed_.ast.AddLeaf(Kind::kEmpty));
      } else {
        choices.push_back(TRY(Concatenation(depth)));
      }
    }
    return parsed_.ast.AddList(Kind::kAlternate, std::move(choices));
  }

  Result<uint32_t> Concatenation(int depth) {
    std::vector<uint32_t> items;
    while (!AtEnd() && !Peek('|') && !Peek(')')) {
      items.push_back(TRY(Item(depth)));
      if (parsed_.ast.nodes.size() > kNodesMax) {
        return Error{Code::kLimit, "regular expression is too large"};
      }
    }
    if (items.empty()) return Syntax();
    return parsed_.ast.AddList(Kind::kConcat, std::move(items));
  }

  Result<uint32_t> Item(int depth) {
    if (const auto assertion = TakeAssertion()) {
      if (TRY(TakeQuantifier())) return Syntax();
      return parsed_.ast.AddLeaf(*assertion);
    }
    const bool is_dot = Peek('.');
    const uint32_t single = TRY(Single(depth));
    const std::optional<Interval> interval = TRY(TakeQuantifier());
    if (!interval) return single;
    const bool lazy = Take('?');
    (lazy ? parsed_.lazy : parsed_.greedy) = true;
    if (is_dot && !interval->has_end) parsed_.unbounded_dot = true;
    if (TRY(TakeQuantifier())) return Syntax();
    return parsed_.ast.AddRepeat(single, interval->min, interval->max, !lazy);
  }

  std::optional<Kind> TakeAssertion() {
    if (Take('^')) return Kind::kStart;
    if (Take('$')) return Kind::kEnd;
    const std::string_view rest = source_.substr(at_, 2);
    if (rest != "\\b" && rest != "\\B") return std::nullopt;
    at_ += 2;
    return rest == "\\b" ? Kind::kWord : Kind::kNotWord;
  }

  Result<uint32_t> Single(int depth) {
    if (Take('(')) return Group(depth);
    if (Take('[')) return Class();
    if (Take('.')) {
      ByteSet any = ByteSet::All();
      if (!flags_.dot_all) any.Remove('\n');
      return parsed_.ast.AddSet(any);
    }
    if (Peek('*') || Peek('+') || Peek('?')) return Syntax();
    if (Peek('{') && TRY(TakeQuantifier())) return Syntax();
    if (!Take('\\')) return AddFolded(ByteSet::Of(Next()));
    if (!AtEnd() && IsDigit(static_cast<uint8_t>(source_[at_]))) {
      return Error{Code::kInvalid, "backreferences are not allowed"};
    }
    const Element element = TRY(Escape());
    return AddFolded(element.set);
  }

  uint32_t AddFolded(const ByteSet& set) {
    return parsed_.ast.AddSet(flags_.nocase ? set.Folded() : set);
  }

  Result<uint32_t> Group(int depth) {
    if (source_.substr(at_, 2) == "?:") at_ += 2;
    const uint32_t inside = TRY(Alternation(depth + 1));
    if (!Take(')')) return Syntax();
    return inside;
  }

  // Nothing if what follows is no quantifier.
  Result<std::optional<Interval>> TakeQuantifier() {
    if (Take('*')) return std::optional<Interval>({0, kUnbounded, false});
    if (Take('+')) return std::optional<Interval>({1, kUnbounded, false});
    if (Take('?')) return std::optional<Interval>({0, 1});
    return TakeInterval();
  }

  Result<std::optional<Interval>> TakeInterval() {
    const size_t start = at_;
    if (!Take('{')) return std::optional<Interval>();
    const std::string_view first = TakeDigits();
    std::string_view second = first;
    bool is_range = false;
    const size_t after_first = at_;
    while (Take(' ')) continue;
    if (Take(',')) {
      is_range = true;
      while (Take(' ')) continue;
      second = TakeDigits();
    } else {
      at_ = after_first;
    }
    if (!Take('}') || (!is_range && first.empty())) {
      at_ = start;
      return std::optional<Interval>();
    }
    Interval interval;
    interval.min = first.empty() ? 0 : TRY(RepeatCount(first));
    // In YARA {n,} is not without end as * and + are.
    interval.has_end = !second.empty();
    interval.max = second.empty() ? kRepeatMax : TRY(RepeatCount(second));
    if (interval.max < interval.min) {
      return Error{Code::kInvalid, "bad repeat interval"};
    }
    return std::optional<Interval>(interval);
  }

  std::string_view TakeDigits() {
    const size_t start = at_;
    while (!AtEnd() && IsDigit(static_cast<uint8_t>(source_[at_]))) ++at_;
    return source_.substr(start, at_ - start);
  }

  static Result<uint32_t> RepeatCount(std::string_view digits) {
    const std::optional<uint64_t> count = ParseDecimal(digits);
    if (!count || *count > kRepeatMax) {
      return Error{Code::kInvalid, "repeat interval too large"};
    }
    return static_cast<uint32_t>(*count);
  }

  // After the backslash.
  Result<Element> Escape() {
    if (AtEnd()) return BadEscape();
    const uint8_t c = Next();
    Element element;
    element.byte = c;
    switch (c) {
      case 'w':
      case 'W':
      case 's':
      case 'S':
      case 'd':
      case 'D':
        element.is_class = true;
        element.set = NamedClass(c);
        return element;
      case 'x':
        element.byte = TRY(HexByte());
        break;
      case 'n':
        element.byte = '\n';
        break;
      case 't':
        element.byte = '\t';
        break;
      case 'r':
        element.byte = '\r';
        break;
      case 'f':
        element.byte = '\f';
        break;
      case 'a':
        element.byte = '\a';
        break;
      default:
        constexpr std::string_view kPunctuation = "\\/.*+?|()[]{}^$-\"'";
        if (kPunctuation.find(static_cast<char>(c)) == std::string_view::npos) {
          parsed_.unknown_escape = true;
        }
    }
    element.set = ByteSet::Of(element.byte);
    return element;
  }

  Result<uint8_t> HexByte() {
    if (source_.size() - at_ < 2) return BadEscape();
    const int high = HexDigit(Next());
    const int low = HexDigit(Next());
    if (high < 0 || low < 0) return BadEscape();
    return static_cast<uint8_t>(high * 16 + low);
  }

  static ByteSet NamedClass(uint8_t name) {
    ByteSet set;
    for (int b = 0; b < 256; ++b) {
      const auto byte = static_cast<uint8_t>(b);
      const uint8_t kind = ToLower(name);
      if (kind == 'w' ? IsWordByte(byte)
                      : (kind == 's' ? IsSpace(byte) : IsDigit(byte))) {
        set.Add(byte);
      }
    }
    return name == ToLower(name) ? set : set.Inverted();
  }

  // After the `[`. A `]` in first place is a member.
  Result<uint32_t> Class() {
    const bool negated = Take('^');
    ByteSet set;
    bool first = true;
    while (first || !Peek(']')) {
      if (AtEnd()) {
        return Error{Code::kInvalid,
                     "missing terminating ] for character class"};
      }
      first = false;
      const Element from = TRY(ClassElement());
      const bool is_range =
          Peek('-') && at_ + 1 < source_.size() && source_[at_ + 1] != ']';
      if (!is_range) {
        set.Add(from.set);
        continue;
      }
      ++at_;
      const Element to = TRY(ClassElement());
      if (to.byte < from.byte) {
        return Error{Code::kInvalid, "bad character range"};
      }
      set.AddRange(from.byte, to.byte);
    }
    ++at_;
    if (flags_.nocase) set = set.Folded();
    const uint32_t index = parsed_.ast.AddSet(negated ? set.Inverted() : set);
    parsed_.ast.nodes[index].is_class = true;
    return index;
  }

  Result<Element> ClassElement() {
    if (Take('\\')) return Escape();
    Element element;
    element.byte = Next();
    element.set = ByteSet::Of(element.byte);
    return element;
  }

  std::string_view source_;
  Flags flags_;
  size_t at_ = 0;
  Parsed parsed_;
};

}  // namespace

Result<Parsed> Parse(std::string_view source, Flags flags) {
  return Parser(source, flags).Run();
}

}  // namespace vitrine::engine::regex
