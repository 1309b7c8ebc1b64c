// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "formats/zip/entry.h"

namespace vitrine::zip {

// All members of an archive, from its directory and from local headers that
// the directory does not know: readers differ in which of the two they
// believe, so a member in only one of them is still a member. Directory's
// order first, then the others by offset.
struct Directory {
  std::vector<Entry> entries;
  bool found = false;     // There is a directory.
  bool damaged = false;   // It points where no member is.
  bool too_many = false;  // kEntriesMax was reached.
  uint32_t overlaps = 0;  // Members that start inside another.
};

// Offset of the first entry of the directory, as the last end record that
// makes sense has it.
std::optional<uint64_t> FindDirectory(Bytes archive);

// `strays`: whether to look for members that the directory leaves out.
Directory ReadDirectory(Bytes archive, bool strays);

}  // namespace vitrine::zip
