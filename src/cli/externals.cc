// SPDX-License-Identifier: Apache-2.0
#include "cli/externals.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace vitrine::cli {
namespace {

using engine::yara::External;

bool IsIdentifier(std::string_view name) {
  if (name.empty() || IsDigit(static_cast<uint8_t>(name[0]))) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return IsAlnum(static_cast<uint8_t>(c)) || c == '_';
  });
}

// A sign, digits and, if `fraction`, exactly one point.
bool IsNumber(std::string_view text, bool fraction) {
  if (text.starts_with('-')) text.remove_prefix(1);
  int points = 0;
  int digits = 0;
  for (const char c : text) {
    if (c == '.') {
      ++points;
    } else if (IsDigit(static_cast<uint8_t>(c))) {
      ++digits;
    } else {
      return false;
    }
  }
  return digits > 0 && points == (fraction ? 1 : 0);
}

template <typename T>
Result<External> ParseNumber(std::string_view text) {
  T value{};
  const auto end =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) {
    return Error{Code::kInvalid, "the number is out of range"};
  }
  return External{value};
}

Result<External> ParseValue(std::string_view text) {
  if (IsNumber(text, false)) return ParseNumber<int64_t>(text);
  if (IsNumber(text, true)) return ParseNumber<double>(text);
  if (text == "true" || text == "false") return External{text == "true"};
  return External{std::string(text)};
}

}  // namespace

Result<std::pair<std::string, External>> ParseDefine(
    std::string_view argument) {
  const size_t equals = argument.find('=');
  const std::string name(argument.substr(0, equals));
  const std::string context = "--define " + std::string(argument);
  if (equals == argument.npos || !IsIdentifier(name)) {
    return Error{Code::kInvalid, context + ": takes NAME=VALUE"};
  }
  auto value = ParseValue(argument.substr(equals + 1));
  if (!value.ok()) return WithContext(value.error(), context);
  return std::pair{name, std::move(value).value()};
}

}  // namespace vitrine::cli
