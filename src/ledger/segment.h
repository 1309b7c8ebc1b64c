// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ledger/record.h"

namespace vitrine::ledger {

// The indexes of a folder's segments, rising. kNotFound: no such folder.
Result<std::vector<uint64_t>> ListSegments(const std::string& folder);

// The whole of a file in the folder, up to kSegmentReadMax.
Result<std::string> ReadSegment(const std::string& folder,
                                const std::string& name);

// How far a segment is sound.
struct Sound {
  SegmentHead head;
  bool head_good = false;
  uint64_t next = 1;  // The number that comes next, and the chain up to there.
  Chain chain{};
  size_t bytes = 0;             // Up to the end of the last good line.
  bool complete_lines = false;  // There are whole lines behind that.
};
Sound Examine(std::string_view text);

}  // namespace vitrine::ledger
