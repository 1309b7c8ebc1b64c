// SPDX-License-Identifier: Apache-2.0
#include "config/mask.h"

#include <algorithm>
#include <vector>

#include "config/limits.h"

namespace vitrine::config {
namespace {

// The set of places in the mask that could be reached after each byte of the
// name: never more than the mask has bytes, so no input can make it slow.
class States {
 public:
  explicit States(std::string_view mask) : mask_(mask) {
    Enter(now_ = std::vector<bool>(mask.size() + 1), 0);
  }

  // Takes one byte of the name.
  void Step(char c) {
    std::vector<bool> next(mask_.size() + 1);
    for (size_t at = 0; at < mask_.size(); ++at) {
      if (now_[at]) StepFrom(at, c, next);
    }
    now_ = std::move(next);
  }

  bool AtEnd() const { return now_.back(); }

 private:
  bool IsDouble(size_t at) const {
    return mask_[at] == '*' && at + 1 < mask_.size() && mask_[at + 1] == '*';
  }

  // Reaches `at`, and what lies behind stars that stand for nothing.
  void Enter(std::vector<bool>& states, size_t at) {
    for (;;) {
      states[at] = true;
      if (at >= mask_.size() || mask_[at] != '*') return;
      at += IsDouble(at) ? 2 : 1;
    }
  }

  void StepFrom(size_t at, char c, std::vector<bool>& next) {
    switch (mask_[at]) {
      case '*':
        if (c != '/' || IsDouble(at)) Enter(next, at);
        return;
      case '?':
        if (c != '/') Enter(next, at + 1);
        return;
      case '\\':
        if (mask_[at + 1] == c) Enter(next, at + 2);
        return;
      default:
        if (mask_[at] == c) Enter(next, at + 1);
    }
  }

  std::string_view mask_;
  std::vector<bool> now_;
};

// The part of a mask that stands for itself; most names differ there already.
std::string_view PlainPrefix(std::string_view mask) {
  return mask.substr(0, mask.find_first_of("*?\\"));
}

}  // namespace

Result<Mask> Mask::Parse(std::string_view text) {
  if (text.empty()) return Error{Code::kInvalid, "the mask is empty"};
  if (text.size() > kStringMax) {
    return Error{Code::kInvalid, "the mask is too long"};
  }
  size_t stars = 0;
  size_t row = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\0') {
      return Error{Code::kInvalid, "the mask holds a zero byte"};
    }
    row = text[i] == '*' ? row + 1 : 0;
    if (row > 2) {
      return Error{Code::kInvalid, "the mask has three stars in a row"};
    }
    stars += row == 1;
    if (text[i] == '\\' && ++i == text.size()) {
      return Error{Code::kInvalid, "the mask ends in a lone backslash"};
    }
  }
  if (stars > kStarsMax) {
    return Error{Code::kInvalid, "the mask has too many stars"};
  }
  return Mask(text);
}

Result<Mask> Mask::ParsePath(std::string_view text) {
  const Mask mask = TRY(Parse(text));
  if (!text.starts_with('/') && !text.starts_with("**")) {
    return Error{Code::kInvalid, "a path mask begins with / or **"};
  }
  return mask;
}

bool Mask::Matches(std::string_view name) const {
  const std::string_view prefix = PlainPrefix(text_);
  if (!name.starts_with(prefix)) return false;
  if (prefix.size() == text_.size()) return name.size() == text_.size();
  States states{std::string_view(text_).substr(prefix.size())};
  for (const char c : name.substr(prefix.size())) states.Step(c);
  return states.AtEnd();
}

bool AnyMatches(const std::vector<Mask>& masks, std::string_view name) {
  return std::any_of(masks.begin(), masks.end(),
                     [&](const Mask& mask) { return mask.Matches(name); });
}

}  // namespace vitrine::config
