// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tlog/hash.h"

namespace vitrine::tlog {

// The state of a log (C2SP tlog-checkpoint), as the text of a note.
struct Checkpoint {
  std::string origin;  // Not empty, at most kOriginMax bytes; a line.
  uint64_t size = 0;   // Up to kTreeSizeMax.
  Hash root{};
  std::vector<std::string> extensions;  // Lines, not empty. Best none.
  bool operator==(const Checkpoint&) const = default;
};

// The checkpoint of exactly this text: FormatCheckpoint() gives it back. That
// an empty tree has the empty root is not looked at here.
Result<Checkpoint> ParseCheckpoint(std::string_view text);
std::string FormatCheckpoint(const Checkpoint& checkpoint);

}  // namespace vitrine::tlog
