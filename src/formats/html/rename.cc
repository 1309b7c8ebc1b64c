// SPDX-License-Identifier: Apache-2.0
#include "formats/html/rename.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "formats/html/limits.h"

namespace vitrine::html {
namespace {

using Kind = Token::Kind;

// No variable is called that, whatever a broken script says.
bool IsReserved(std::string_view word) {
  static constexpr std::string_view kReserved[] = {
      "break", "case",  "catch",      "continue", "default",  "delete", "do",
      "else",  "false", "finally",    "for",      "function", "if",     "in",
      "new",   "null",  "instanceof", "return",   "switch",   "this",   "throw",
      "true",  "try",   "typeof",     "var",      "void",     "while",  "with"};
  return std::ranges::find(kReserved, word) != std::end(kReserved);
}

// Walks over the tokens with the functions that are open. Which scope a word
// is in is noted first, so that words before their declaration find it too.
class Renamer {
 public:
  explicit Renamer(TokenList& list) : list_(list) { scopes_.emplace_back(); }

  void Run() {
    scope_of_.resize(list_.tokens.size());
    for (size_t i = 0; i < list_.tokens.size(); ++i) Walk(i);
    for (size_t i = 0; i < list_.tokens.size(); ++i) Resolve(i);
  }

 private:
  struct Scope {
    uint32_t parent = 0;
    std::unordered_map<std::string_view, uint32_t> names;
  };

  // A function that is open, or is being declared.
  struct Frame {
    uint32_t scope = 0;
    int braces = 0;  // Open since its body began; 0: not yet in the body.
    bool in_head = true;
    bool in_var = false;  // Of the function around, while this one is open.
    int var_depth = 0;
  };

  enum class Expect : uint8_t { kNothing, kVariable, kFunction, kParameter };

  void Declare(size_t i) {
    if (IsReserved(list_.TextOf(list_.tokens[i]))) return;
    scopes_[scope_].names[list_.TextOf(list_.tokens[i])] = next_name_++;
  }

  void OpenFunction() {
    if (frames_.size() >= kScopesMax) return;
    Frame frame;
    frame.scope = scope_;
    frame.in_var = in_var_;
    frame.var_depth = depth_;
    frames_.push_back(frame);
    scopes_.push_back({scope_, {}});
    scope_ = static_cast<uint32_t>(scopes_.size() - 1);
    in_var_ = false;
    expect_ = Expect::kFunction;
  }

  void CloseFunction() {
    scope_ = frames_.back().scope;
    in_var_ = frames_.back().in_var;
    depth_ = frames_.back().var_depth;
    frames_.pop_back();
  }

  void WalkWord(size_t i) {
    if (list_.IsWord(i, "function")) return OpenFunction();
    if (list_.IsWord(i, "var")) {
      in_var_ = true;
      depth_ = 0;
      expect_ = Expect::kVariable;
      return;
    }
    if (expect_ != Expect::kNothing) Declare(i);
    expect_ = Expect::kNothing;
  }

  void WalkSign(size_t i) {
    const char sign = list_.TextOf(list_.tokens[i])[0];
    const bool in_head = !frames_.empty() && frames_.back().in_head;
    switch (sign) {
      case '(':
        expect_ = in_head ? Expect::kParameter : Expect::kNothing;
        break;
      case ',':
        if (in_head) {
          expect_ = Expect::kParameter;
        } else if (in_var_ && depth_ == 0) {
          expect_ = Expect::kVariable;
        }
        break;
      case '[':
        ++depth_;
        break;
      case ']':
        --depth_;
        break;
      case '{':
        expect_ = Expect::kNothing;
        ++depth_;
        if (!frames_.empty()) {
          frames_.back().in_head = false;
          ++frames_.back().braces;
        }
        break;
      case '}':
        --depth_;
        if (!frames_.empty() && --frames_.back().braces <= 0) CloseFunction();
        break;
      case ';':
        in_var_ = false;
        [[fallthrough]];
      default:
        expect_ = Expect::kNothing;
    }
  }

  void Walk(size_t i) {
    const Kind kind = list_.tokens[i].kind;
    if (kind == Kind::kWord) {
      WalkWord(i);
    } else if (kind == Kind::kSign) {
      WalkSign(i);
    }
    scope_of_[i] = scope_;
  }

  void Resolve(size_t i) {
    Token& token = list_.tokens[i];
    if (token.kind != Kind::kWord || (i > 0 && list_.IsSign(i - 1, '.'))) {
      return;
    }
    const std::string_view word = list_.TextOf(token);
    for (uint32_t scope = scope_of_[i];; scope = scopes_[scope].parent) {
      const auto& names = scopes_[scope].names;
      if (const auto found = names.find(word); found != names.end()) {
        token.name = found->second;
        return;
      }
      if (scope == 0) return;
    }
  }

  TokenList& list_;
  std::vector<Scope> scopes_;  // The first is the script's own.
  std::vector<uint32_t> scope_of_;
  std::vector<Frame> frames_;
  uint32_t scope_ = 0;
  uint32_t next_name_ = 0;
  bool in_var_ = false;
  int depth_ = 0;
  Expect expect_ = Expect::kNothing;
};

}  // namespace

void RenameDeclared(TokenList& list) { Renamer(list).Run(); }

}  // namespace vitrine::html
