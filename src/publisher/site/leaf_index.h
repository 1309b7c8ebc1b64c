// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "tlog/tile.h"
#include "update/release/leaf.h"

namespace vitrine::publisher {

// What the entries of a log say, as far as the next one refers to them.
class LeafIndex {
 public:
  // Of the first `size` entries. kInvalid for one that is no leaf.
  static Result<LeafIndex> Read(uint64_t size, const tlog::TileSource& source);

  void Add(uint64_t index, const update::Leaf& leaf);

  // The last of this type and role.
  std::optional<uint64_t> Last(update::LeafType type,
                               const std::string& role) const;
  // The one about exactly this metadata file.
  std::optional<uint64_t> Find(const std::string& role,
                               const update::Leaf::Metadata& metadata) const;

 private:
  std::map<std::pair<update::LeafType, std::string>, uint64_t> last_;
  std::map<std::pair<std::string, crypto::Sha256Digest>, uint64_t> files_;
};

}  // namespace vitrine::publisher
