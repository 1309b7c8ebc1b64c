// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "formats/detect/detect.h"

namespace vitrine {

// Asks a table of somebody else's about one object.
class TableMatcher {
 public:
  TableMatcher(const FileTypeTable& table, Bytes bytes)
      : table_(table), bytes_(bytes) {}

  // By the lines that stand at a fixed offset; the first that holds.
  std::optional<FileType> Fixed() const;

  // By the patterns within the first bytes, for an object that is `base` so
  // far. Self-extracting kinds are not types of a whole object.
  std::optional<FileType> Pattern(FileType base) const;

  // Where the patterns of embedded kinds stand behind the start.
  std::vector<Embedded> FindEmbedded(FileType outer) const;

 private:
  using Line = FileTypeTable::Line;

  // The offset at which `line` holds, in [from, to).
  std::optional<uint64_t> Match(const Line& line, uint64_t from,
                                uint64_t to) const;
  bool MatchAt(const Line& line, uint64_t offset) const;
  bool Requires(const Line& line, FileType base) const;

  const FileTypeTable& table_;
  Bytes bytes_;
};

}  // namespace vitrine
