// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/code.h"
#include "base/result.h"
#include "formats/file_type.h"

// The target description block of a logical signature (reference §2.5): what
// the scanned object must be like.
namespace vitrine::engine::clamav {

struct Range {
  uint32_t min = 0;
  uint32_t max = 0;
  bool Contains(uint64_t value) const { return value >= min && value <= max; }
};

struct TargetBlock {
  int target = 0;
  std::optional<Range> file_size;
  std::optional<Range> entry_point;
  std::optional<Range> sections;
  std::optional<FileType> container;
  std::vector<FileType> intermediates;  // Outermost first.
  std::string icon_group1;
  std::string icon_group2;
  std::optional<FileType> handler;
};

// kInvalid as clamscan refuses it. kNotFound: meant for another version or
// made of keys that we do not know; the line is to be skipped.
Result<TargetBlock> ParseTargetBlock(std::string_view text);

void WriteTargetBlock(const TargetBlock& block, CodeWriter& out);
Result<TargetBlock> ReadTargetBlock(CodeReader& in);

}  // namespace vitrine::engine::clamav
