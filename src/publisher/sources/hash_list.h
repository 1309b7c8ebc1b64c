// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "publisher/sources/import.h"

namespace vitrine::publisher {

// Collects digests and writes them as ClamAV's hash signatures, sorted, each
// once.
class HashList {
 public:
  // False where `digest` is not hex of an MD5, SHA-1 or SHA-256. The first name
  // that a digest comes with counts.
  bool Add(std::string_view digest, std::optional<uint64_t> size,
           std::string_view name);

  size_t size() const { return lines_.size(); }

  // "NAME.hdb" for MD5, "NAME.hsb" for the rest; none that is empty.
  std::vector<SourceTree::File> Files(const std::string& name) const;

 private:
  std::set<std::string> digests_;  // With the size.
  std::set<std::string> lines_;
};

// `text` as a signature's name: other characters than [A-Za-z0-9._-] become
// "_". Empty: "unnamed".
std::string SignatureName(std::string_view text);

// Whether `text` is hex of one of the lengths above.
bool IsDigest(std::string_view text);

// "events" of "/a/events.json", as SignatureName() has it.
std::string StemOf(const std::string& path);

}  // namespace vitrine::publisher
