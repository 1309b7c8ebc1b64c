// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/pe/pe.h"
#include "formats/pe/resources.h"

namespace vitrine::pe {

// One `key = value` of a string table of the version resource.
struct VersionString {
  uint64_t offset = 0;  // Of the key's first character, in the file.
  std::string key;      // Low bytes of its UTF-16.
  std::string value;
};

// In the order of the file, all tables and all version resources.
std::vector<VersionString> ReadVersionInfo(const Image& image,
                                           const Resources& resources);

// Offsets of those keys that ClamAV knows, ascending: of resources whose sizes
// all fit into each other.
std::vector<uint64_t> WholeVersionStrings(const Image& image,
                                          const Resources& resources);

}  // namespace vitrine::pe
