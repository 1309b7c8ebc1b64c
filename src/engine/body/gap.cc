// SPDX-License-Identifier: Apache-2.0
#include "engine/body/gap.h"

#include "base/text.h"

namespace vitrine::engine::body {
namespace {

constexpr uint64_t kSaturated = INT64_MAX;

Result<uint32_t> Number(std::string_view text) {
  while (!text.empty() && IsSpace(static_cast<uint8_t>(text[0]))) {
    text.remove_prefix(1);
  }
  bool negative = false;
  if (text.starts_with('-') || text.starts_with('+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  uint64_t value = 0;
  for (const char c : text) {
    if (!IsDigit(static_cast<uint8_t>(c))) {
      return Error{Code::kInvalid, "bad number in a gap"};
    }
    const auto digit = static_cast<uint64_t>(c - '0');
    value = value > (kSaturated - digit) / 10 ? kSaturated : value * 10 + digit;
  }
  const auto cut = static_cast<uint32_t>(value);
  return negative ? 0 - cut : cut;
}

}  // namespace

Result<Gap> ParseGap(std::string_view text) {
  const size_t dash = text.find('-');
  Gap gap;
  if (dash == std::string_view::npos) {
    gap.min = gap.max = TRY(Number(text));
    gap.single = true;
    return gap;
  }
  gap.open = dash == 0;
  gap.min = TRY(Number(text.substr(0, dash)));
  gap.max = TRY(Number(text.substr(dash + 1)));
  return gap;
}

}  // namespace vitrine::engine::body
