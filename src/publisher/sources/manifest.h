// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Who answers for which signatures of a source tree: docs/spec/sources.md.
namespace vitrine::publisher {

struct Attribution {
  std::string author;
  std::string licence;  // An SPDX expression.
  std::string reason;   // Of what changed last.

  bool operator==(const Attribution&) const = default;
};

struct Manifest {
  struct Block {
    // Either a file, or a folder with a slash at its end, ...
    std::string path;
    // ... or a rule of that name, in any file.
    std::string rule;
    Attribution attribution;

    bool operator==(const Block&) const = default;
  };
  std::string channel;
  std::vector<Block> blocks;

  // That of the rule if it has a block, else that of the longest path that the
  // file lies in; null if there is none.
  const Attribution* Find(std::string_view file, std::string_view rule) const;

  // Replaces the block of this path, or adds it.
  void Set(Block block);

  bool operator==(const Manifest&) const = default;
};

// kInvalid with the line.
Result<Manifest> ParseManifest(std::string_view text);
std::string FormatManifest(const Manifest& manifest);

}  // namespace vitrine::publisher
