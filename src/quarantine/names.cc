// SPDX-License-Identifier: Apache-2.0
#include "quarantine/names.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace vitrine::quarantine {

std::string NameOf(const ItemId& id, const char* suffix) {
  return ToHex(id) + suffix;
}

bool IsItemName(std::string_view name, std::string_view suffix) {
  constexpr size_t kHex = 2 * ItemId().size();
  // Upper-case digits would give one item two names.
  return name.size() == kHex + suffix.size() && name.ends_with(suffix) &&
         std::none_of(name.begin(), name.begin() + kHex,
                      [](char c) { return c >= 'A' && c <= 'F'; }) &&
         FromHex(name.substr(0, kHex)).has_value();
}

ItemId IdOf(std::string_view name) {
  ItemId id;
  const auto bytes = FromHex(name.substr(0, 2 * id.size()));
  CHECK(bytes && bytes->size() == id.size());
  std::copy(bytes->begin(), bytes->end(), id.begin());
  return id;
}

}  // namespace vitrine::quarantine
