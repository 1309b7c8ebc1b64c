// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "quarantine/item.h"

// Names of files in the store: the id in hex and what state the item is in.
namespace vitrine::quarantine {

inline constexpr const char* kPartSuffix = ".part";  // Being written.
inline constexpr const char* kPendingSuffix =
    ".pending";                                    // Whole; the
                                                   // original may stand.
inline constexpr const char* kItemSuffix = ".vq";  // Counted.

std::string NameOf(const ItemId& id, const char* suffix);
bool IsItemName(std::string_view name, std::string_view suffix);
// Of a name that IsItemName() holds for.
ItemId IdOf(std::string_view name);

}  // namespace vitrine::quarantine
