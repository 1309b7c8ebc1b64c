// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "check_layers/tree.h"

namespace vitrine::house {

// tools/layers.txt: folders, lowest line first. A folder stands for those below
// it unless they are named themselves.
class LayerTable {
 public:
  static Result<LayerTable> Parse(std::string_view text);

  struct Place {
    std::string folder;  // The table's own spelling.
    int level = 0;
  };
  // Where `path` (from src/, or apps/…) belongs; null if nowhere.
  const Place* Find(std::string_view path) const;

 private:
  std::map<std::string, Place, std::less<>> places_;
};

// tools/third_party.txt: which folder may include which header that is not
// ours. A header belongs to one folder; `*` means anybody, `tests` all tests.
class ThirdPartyTable {
 public:
  static Result<ThirdPartyTable> Parse(std::string_view text);

  // The folder that owns `header`, "*", or "" for one that is not listed.
  std::string OwnerOf(std::string_view header) const;

 private:
  std::map<std::string, std::string, std::less<>> owners_;
};

Complaints CheckLayers(const Tree& tree, const LayerTable& layers,
                       const ThirdPartyTable& third_party);

}  // namespace vitrine::house
