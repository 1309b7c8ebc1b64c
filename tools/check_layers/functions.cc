// SPDX-License-Identifier: Apache-2.0
#include "check_layers/functions.h"

#include "base/text.h"

namespace vitrine::house {
namespace {

bool IsWordByte(char c) { return IsAlnum(static_cast<uint8_t>(c)) || c == '_'; }

bool HasWord(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    if ((at == 0 || !IsWordByte(text[at - 1])) &&
        (end == text.size() || !IsWordByte(text[end]))) {
      return true;
    }
  }
  return false;
}

// `text` after a leading template<…>.
std::string_view AfterTemplate(std::string_view text) {
  if (!text.starts_with("template")) return text;
  int open = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '<') ++open;
    if (text[i] == '>' && --open == 0) {
      return AfterTemplate(Trim(text.substr(i + 1)));
    }
  }
  return text;
}

// What stands between the last statement and a brace: does the brace open a
// function's body?
bool OpensFunction(std::string_view head) {
  head = AfterTemplate(head);
  const size_t parenthesis = head.find('(');
  if (parenthesis == std::string_view::npos) return false;
  // `struct alignas(8) Foo {` has its word first, `f(struct stat*) {` later.
  const std::string_view before = head.substr(0, parenthesis);
  for (const char* word :
       {"namespace", "class", "struct", "union", "enum", "concept"}) {
    if (HasWord(before, word)) return false;
  }
  return true;
}

std::string NameIn(std::string_view head) {
  size_t end = head.find('(');
  if (end == std::string_view::npos) return "?";
  while (end > 0 && IsSpace(static_cast<uint8_t>(head[end - 1]))) --end;
  size_t begin = end;
  while (begin > 0 && (IsWordByte(head[begin - 1]) || head[begin - 1] == ':' ||
                       head[begin - 1] == '~')) {
    --begin;
  }
  return std::string(head.substr(begin, end - begin));
}

class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  std::vector<Function> Run() {
    bool line_start = true;
    for (at_ = 0; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (line_start && c == '#') {
        SkipDirective();
        continue;
      }
      if (!IsSpace(static_cast<uint8_t>(c)) || c == '\n') {
        line_start = c == '\n';
      }
      if (c == '{') {
        Open();
      } else if (c == '}') {
        Close();
      } else if (c == ';' && initialisers_ == 0) {
        EndHead();
      } else if (c == ':' && IsAccessLabel()) {
        EndHead();
      } else if (!head_begun_ && !IsSpace(static_cast<uint8_t>(c))) {
        head_begun_ = true;
        head_ = at_;
        head_line_ = line_;
      }
    }
    return std::move(functions_);
  }

 private:
  // A directive may hold unbalanced braces, and may go on over lines.
  void SkipDirective() {
    while (at_ < text_.size() && text_[at_] != '\n') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size() &&
          text_[at_ + 1] == '\n') {
        ++line_;
        ++at_;
      }
      ++at_;
    }
    if (at_ < text_.size()) ++line_;
  }

  bool IsAccessLabel() const {
    if (!head_begun_) return false;
    const std::string_view head = text_.substr(head_, at_ - head_);
    return head == "public" || head == "private" || head == "protected";
  }

  void EndHead() { head_begun_ = false; }

  void Open() {
    const bool spaced =
        at_ == 0 || IsSpace(static_cast<uint8_t>(text_[at_ - 1]));
    if (initialisers_ > 0 || (!spaced && head_begun_)) {
      ++initialisers_;
      return;
    }
    ++depth_;
    if (body_depth_ == 0 && head_begun_) {
      const std::string_view head = text_.substr(head_, at_ - head_);
      if (OpensFunction(head)) {
        body_depth_ = depth_;
        functions_.push_back({NameIn(head), head_line_, 0});
      }
    }
    EndHead();
  }

  void Close() {
    if (initialisers_ > 0) {
      --initialisers_;
      return;
    }
    if (body_depth_ != 0 && body_depth_ == depth_) {
      functions_.back().lines = line_ - functions_.back().line + 1;
      body_depth_ = 0;
    }
    if (depth_ > 0) --depth_;
    EndHead();
  }

  std::string_view text_;
  size_t at_ = 0;
  int line_ = 1;
  size_t head_ = 0;
  int head_line_ = 1;
  bool head_begun_ = false;
  int depth_ = 0;
  int body_depth_ = 0;  // Of the function being read; 0 between functions.
  int initialisers_ = 0;
  std::vector<Function> functions_;
};

}  // namespace

std::vector<Function> FunctionsOf(std::string_view blanked) {
  return Scan(blanked).Run();
}

}  // namespace vitrine::house
