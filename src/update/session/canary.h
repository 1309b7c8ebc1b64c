// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"

namespace vitrine::update {

// Files that are good on every machine, and on this one: the system's shell and
// C library, our own programs, and what the owner put into `folder`. Of more
// than kKnownGoodMax, one more than that.
std::vector<std::string> KnownGoodFiles(const std::string& folder);

struct Tried {
  size_t scanned = 0;
  // Those that are there and were not scanned: unreadable, no plain file,
  // larger than kKnownGoodSizeMax, or beyond kKnownGoodMax.
  std::vector<std::string> passed_over;
};

// Opens the database in caged scanners and scans `files` with it. kDenied
// (rule 9) where the scanners refuse the database, or it finds something in one
// of the files, or a scanner does not survive it.
Result<Tried> TryDatabase(int database, const std::string& scanner,
                          const std::vector<std::string>& files);

}  // namespace vitrine::update
