// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "quarantine/place.h"

// What is known of a file in quarantine, and how that is written down.
// docs/spec/quarantine.md is the specification.
namespace vitrine::quarantine {

// Random; 32 hex digits on the command line and in events.
using ItemId = std::array<uint8_t, 16>;

struct Attribute {
  std::string name;  // "user.note", "security.capability", ...
  ByteVector value;

  bool operator==(const Attribute&) const = default;
};

// Known before the content is copied.
struct Metadata {
  std::string path;  // Where it lay; "container:/..." in another namespace.
  FileIdentity identity;
  uint32_t mode = 0;  // Type and permissions, as st_mode.
  uint32_t uid = 0;
  uint32_t gid = 0;
  uint64_t links = 0;  // Names that the file had; the others still stand.
  int64_t accessed_ns = 0;
  std::vector<Attribute> attributes;  // ACLs and capabilities among them.
  bool attributes_cut = false;        // Some were left out.
  std::vector<std::string> rules;     // What was found.
  std::string database;               // Version of what judged.
  std::string reason;                 // Who asked: "on-access", "task", ...
  int64_t verdict_ns = 0;             // Since 1970, UTC.
  int64_t taken_ns = 0;

  bool operator==(const Metadata&) const = default;
};

// Known after it.
struct Seal {
  uint64_t size = 0;    // Of the content, holes included.
  uint64_t chunks = 0;  // Sealed ones.
  std::optional<crypto::Sha256Digest> sha256;  // None: larger than
                                               // kDigestSizeMax.
  bool changed = false;  // The file was written to while it was copied.
  bool empty = false;    // Made to delete: the content was not kept.

  bool operator==(const Seal&) const = default;
};

struct Item {
  ItemId id{};
  Metadata metadata;
  Seal seal;
  uint64_t stored = 0;  // Bytes that the item takes in the store.
};

inline constexpr size_t kPrefixSize = 64;
inline constexpr size_t kSealSize = 56;

// The start of an item, in clear: enough to know what to unseal with.
struct Prefix {
  uint32_t metadata_size = 0;  // Sealed.
  ItemId id{};
  std::array<uint8_t, 16> salt{};  // Of the item's own key.

  bool operator==(const Prefix&) const = default;
};
ByteVector EncodePrefix(const Prefix& prefix);
Result<Prefix> ParsePrefix(Bytes bytes);

// Texts and lists are cut at limits.h's bounds.
ByteVector EncodeMetadata(const Metadata& metadata);
Result<Metadata> ParseMetadata(Bytes bytes);
ByteVector EncodeSeal(const Seal& seal);
Result<Seal> ParseSeal(Bytes bytes);

}  // namespace vitrine::quarantine
