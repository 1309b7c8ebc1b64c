// SPDX-License-Identifier: Apache-2.0
#include "formats/text/structured.h"

#include <array>
#include <optional>

#include "base/text.h"

namespace vitrine::text {
namespace {

// A card's number as clamscan takes it: up to 16 digits, among them at most
// this many blanks and hyphens.
constexpr size_t kCardDigitsMax = 16;
constexpr size_t kSeparatorsMax = 8;

struct Digits {
  std::array<uint8_t, kCardDigitsMax> values{};
  size_t count = 0;
  size_t end = 0;  // Behind the last of them.

  uint32_t First(size_t n) const {
    uint32_t value = 0;
    for (size_t i = 0; i < n; ++i) value = value * 10 + values[i];
    return value;
  }
};

bool IsAmericanExpress(const Digits& digits) {
  return digits.count >= 2 && digits.values[0] == 3 &&
         (digits.values[1] == 4 || digits.values[1] == 7);
}

// The digits from `at` on; nullopt where one more follows without a gap.
std::optional<Digits> ReadDigits(Bytes text, size_t at) {
  Digits digits;
  size_t separators = 0;
  for (; at < text.size(); ++at) {
    const uint8_t c = text[at];
    if (c == ' ' || c == '-') {
      if (++separators > kSeparatorsMax) break;
      continue;
    }
    if (!IsDigit(c)) break;
    digits.values[digits.count++] = static_cast<uint8_t>(c - '0');
    digits.end = at + 1;
    if (digits.count == kCardDigitsMax) break;
    if (digits.count == 15 && IsAmericanExpress(digits)) break;
  }
  if (digits.end < text.size() && IsDigit(text[digits.end])) {
    return std::nullopt;
  }
  return digits;
}

// Luhn's check digit.
bool ChecksOut(const Digits& digits) {
  uint32_t sum = 0;
  for (size_t i = 0; i < digits.count; ++i) {
    uint32_t value = digits.values[digits.count - 1 - i];
    if (i % 2 == 1) value = value * 2 > 9 ? value * 2 - 9 : value * 2;
    sum += value;
  }
  return sum % 10 == 0;
}

constexpr bool In(uint32_t value, uint32_t low, uint32_t high) {
  return value >= low && value <= high;
}

enum class Issuer : uint8_t { kNone, kCredit, kOther };

// Ranges as clamscan was seen to accept them, by length.
Issuer IssuerOf(const Digits& digits) {
  if (!In(static_cast<uint32_t>(digits.count), 13, 16)) return Issuer::kNone;
  const uint32_t two = digits.First(2);
  const uint32_t three = digits.First(3);
  if (digits.count < 16 && digits.values[0] == 1) return Issuer::kOther;
  if (digits.count == 13) return Issuer::kNone;
  if (In(three, 300, 305) || two == 36) return Issuer::kCredit;
  if (digits.count == 15 && IsAmericanExpress(digits)) return Issuer::kCredit;
  if (digits.count < 16) return Issuer::kNone;
  const uint32_t four = digits.First(4);
  const uint32_t six = digits.First(6);
  if (two == 50) return Issuer::kOther;
  const bool credit = digits.values[0] == 4 || In(two, 51, 55) ||
                      In(four, 2221, 2720) || In(four, 3528, 3589) ||
                      In(two, 38, 39) || four == 6011 ||
                      In(six, 622126, 622925) || In(three, 624, 626) ||
                      In(four, 6282, 6288) || In(three, 644, 649) || two == 65;
  return credit ? Issuer::kCredit : Issuer::kNone;
}

// `digits` plain digits at `at`, as a number; the text is long enough.
std::optional<uint32_t> NumberAt(Bytes text, size_t at, size_t digits) {
  uint32_t value = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (!IsDigit(text[at + i])) return std::nullopt;
    value = value * 10 + (text[at + i] - uint32_t{'0'});
  }
  return value;
}

// Of a number with (1) or without (0) hyphens; its size where it is one.
std::optional<size_t> SocialSecurity(Bytes text, size_t at, size_t hyphen) {
  const size_t size = 9 + 2 * hyphen;
  if (size > text.size() - at) return std::nullopt;
  if (at + size < text.size() && IsDigit(text[at + size])) return std::nullopt;
  const size_t group_at = at + 3 + hyphen;
  const size_t serial_at = group_at + 2 + hyphen;
  if (hyphen != 0 && (text[at + 3] != '-' || text[serial_at - 1] != '-')) {
    return std::nullopt;
  }
  const auto area = NumberAt(text, at, 3);
  const auto group = NumberAt(text, group_at, 2);
  const auto serial = NumberAt(text, serial_at, 4);
  if (!area || !group || !serial) return std::nullopt;
  // Areas above 772 had not been given out when numbers had areas.
  if (*area == 666 || !In(*area, 1, 772) || *group == 0 || *serial == 0) {
    return std::nullopt;
  }
  return size;
}

void Count(uint32_t& counter) {
  if (counter < UINT32_MAX) ++counter;
}

}  // namespace

Structured CountStructured(Bytes text) {
  Structured counts;
  size_t card_end = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    if (!IsDigit(text[at]) || (at > 0 && IsDigit(text[at - 1]))) continue;
    if (SocialSecurity(text, at, 1)) Count(counts.ssn_normal);
    if (SocialSecurity(text, at, 0)) Count(counts.ssn_stripped);
    if (at < card_end) continue;
    const auto digits = ReadDigits(text, at);
    if (!digits) continue;
    const Issuer issuer = IssuerOf(*digits);
    if (issuer == Issuer::kNone || !ChecksOut(*digits)) continue;
    Count(counts.credit_cards);
    if (issuer == Issuer::kCredit) Count(counts.cards_only);
    card_end = digits->end;
  }
  return counts;
}

}  // namespace vitrine::text
