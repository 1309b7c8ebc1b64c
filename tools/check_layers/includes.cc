// SPDX-License-Identifier: Apache-2.0
#include "check_layers/includes.h"

#include "base/text.h"

namespace vitrine::house {
namespace {

// Blanks one construct after another.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), out_(text) {}

  std::string Run() {
    while (at_ < text_.size()) {
      if (text_.substr(at_).starts_with("//")) {
        BlankTo(text_.find('\n', at_));
      } else if (text_.substr(at_).starts_with("/*")) {
        BlankTo(After(text_.find("*/", at_ + 2), 2));
      } else if (text_[at_] == 'R' && Peek(1) == '"' && !InWord()) {
        BlankRaw();
      } else if (text_[at_] == '"') {
        BlankQuoted('"');
      } else if (text_[at_] == '\'' && !InWord()) {
        BlankQuoted('\'');  // In a word it separates digits.
      } else {
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  char Peek(size_t ahead) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  bool InWord() const {
    if (at_ == 0) return false;
    const char before = text_[at_ - 1];
    return IsAlnum(static_cast<uint8_t>(before)) || before == '_';
  }

  static size_t After(size_t found, size_t size) {
    return found == std::string_view::npos ? found : found + size;
  }

  void BlankTo(size_t end) {
    if (end == std::string_view::npos) end = text_.size();
    for (; at_ < end; ++at_) {
      if (out_[at_] != '\n') out_[at_] = ' ';
    }
  }

  void BlankQuoted(char quote) {
    size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2 : 1;
    }
    BlankTo(end < text_.size() ? end + 1 : end);
  }

  void BlankRaw() {
    const size_t open = text_.find('(', at_);
    if (open == std::string_view::npos) return BlankTo(open);
    std::string close = ")";
    close += text_.substr(at_ + 2, open - at_ - 2);
    close += '"';
    BlankTo(After(text_.find(close, open), close.size()));
  }

  std::string_view text_;
  std::string out_;
  size_t at_ = 0;
};

}  // namespace

std::vector<Include> IncludesOf(std::string_view text) {
  std::vector<Include> includes;
  int number = 0;
  for (std::string_view line : Split(text, '\n')) {
    ++number;
    line = Trim(line);
    if (!line.starts_with('#')) continue;
    line = Trim(line.substr(1));
    if (!line.starts_with("include")) continue;
    line = Trim(line.substr(7));
    if (line.empty() || (line[0] != '"' && line[0] != '<')) continue;
    const bool angled = line[0] == '<';
    const size_t end = line.find(angled ? '>' : '"', 1);
    if (end == std::string_view::npos) continue;
    includes.push_back({number, angled, std::string(line.substr(1, end - 1))});
  }
  return includes;
}

std::string WithoutLiterals(std::string_view text) {
  return Blanker(text).Run();
}

}  // namespace vitrine::house
