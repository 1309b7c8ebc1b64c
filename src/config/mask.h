// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vitrine::config {

// A pattern over whole names: `*` stands for any bytes but a slash, `**` for
// any bytes, `?` for one byte that is no slash, a backslash takes the next byte
// as it is. Everything else stands for itself, case and all. Immutable.
class Mask {
 public:
  // kInvalid: empty, too many stars, or a backslash at the end.
  static Result<Mask> Parse(std::string_view text);
  // As Parse, for masks over paths: must begin with a slash or `**`, since a
  // relative one would never match and protect nobody from anything.
  static Result<Mask> ParsePath(std::string_view text);

  // Costs at most |mask| · |name| steps, whatever the bytes.
  bool Matches(std::string_view name) const;

  const std::string& text() const { return text_; }

 private:
  explicit Mask(std::string_view text) : text_(text) {}

  std::string text_;
};

// Whether one of them matches.
bool AnyMatches(const std::vector<Mask>& masks, std::string_view name);

}  // namespace vitrine::config
