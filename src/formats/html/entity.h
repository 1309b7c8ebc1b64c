// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace vitrine::html {

struct Entity {
  std::string_view name;
  uint32_t code_point;
};

extern const Entity kEntities[];  // By rising name.
extern const size_t kEntityCount;

// A character reference at the start of `text`, which starts with '&'.
struct Reference {
  size_t size = 1;    // How much of the text it is.
  std::string plain;  // What it stands for, or itself where that is nothing.
  bool folds = true;  // Its letters become lower case like all others.
};

// One byte for a character of Latin-1, "&#x1234;" for any other. As in
// clamscan, a number that no semicolon ends stands for its character, a name
// that none ends stands for itself.
Reference ReadReference(Bytes text);

}  // namespace vitrine::html
