// SPDX-License-Identifier: Apache-2.0
#include "formats/html/entity.h"

#include <algorithm>

#include "base/text.h"

namespace vitrine::html {
namespace {

// A character that does not fit a byte is spelled out.
std::string Spell(uint32_t code_point) {
  if (code_point < 0x100) return {static_cast<char>(code_point)};
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "&#x";
  for (int shift = 12; shift >= 0; shift -= 4) {
    out += kDigits[code_point >> shift & 15];
  }
  return out + ';';
}

Reference ReadNumber(Bytes text) {
  size_t at = 2;
  const bool hex = at < text.size() && (text[at] == 'x' || text[at] == 'X');
  if (hex) ++at;
  uint32_t value = 0;
  for (; at < text.size(); ++at) {
    const int digit = HexDigit(text[at]);
    if (digit < 0 || (!hex && digit > 9)) break;
    value = value * (hex ? 16 : 10) + static_cast<uint32_t>(digit);
  }
  const bool ended = at < text.size() && text[at] == ';';
  return {at + (ended ? 1 : 0), Spell(value & 0xffff), ended};
}

}  // namespace

Reference ReadReference(Bytes text) {
  if (text.size() > 1 && text[1] == '#') return ReadNumber(text);
  size_t end = 1;
  while (end < text.size() && IsAlnum(text[end])) ++end;
  const std::string_view name = AsText(text.subspan(1, end - 1));
  const bool ended = end < text.size() && text[end] == ';';
  Reference out{end + (ended ? 1 : 0), {}, true};
  const Entity* const last = kEntities + kEntityCount;
  const Entity* const found = std::lower_bound(
      kEntities, last, name,
      [](const Entity& e, std::string_view n) { return e.name < n; });
  if (ended && found != last && found->name == name) {
    out.plain = Spell(found->code_point);
  } else {
    out.plain = AsText(text.first(out.size));
  }
  return out;
}

}  // namespace vitrine::html
