// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "crypto/digest.h"

// The hashes of RFC 6962, section 2.1, and the ranges of a tree that they are
// of. Everything in src/tlog is pure: bytes in, values out, no clock, no files,
// no network; any thread may call it.
namespace vitrine::tlog {

using Hash = crypto::Sha256Digest;

Hash LeafHash(Bytes entry);
Hash NodeHash(const Hash& left, const Hash& right);
// Of a tree without entries.
Hash EmptyRoot();

// As every text format here writes it: base 64, 44 characters.
std::string HashText(const Hash& hash);
std::optional<Hash> ParseHash(std::string_view text);

// A number in its one spelling: decimal digits without leading zeros.
std::optional<uint64_t> ParseNumber(std::string_view text);

// The complete subtree over the entries [index << level, (index + 1) << level).
struct Node {
  unsigned level = 0;  // 0..62
  uint64_t index = 0;
  bool operator==(const Node&) const = default;
};

// The entries [begin, end) under one node of a tree, complete or at its right
// edge.
struct Range {
  uint64_t begin = 0;
  uint64_t end = 0;
  bool operator==(const Range&) const = default;
};

}  // namespace vitrine::tlog
