// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/digest.h"

// What an entry of the public log says: docs/spec/leaf.md. Pure; each value has
// one spelling, and the parser takes no other.
namespace vitrine::update {

enum class LeafType : uint8_t {
  kTuf,          // A version of the metadata of a role.
  kRebuild,      // Somebody has made a database again from its sources.
  kSource,       // A state of the sources of the programs.
  kKeyCeremony,  // Keys were made, moved or destroyed.
  kIncident,     // What everybody should know.
};

// "tuf", "rebuild", "source", "key-ceremony", "incident".
std::string_view LeafTypeName(LeafType type);

struct LeafFile {
  std::string path;
  uint64_t size = 0;
  crypto::Sha256Digest sha256 = {};
  crypto::Sha512Digest sha512 = {};

  bool operator==(const LeafFile&) const = default;
};

// `bytes` under the name `path`.
LeafFile DescribeFile(std::string path, Bytes bytes);

struct Leaf {
  struct Metadata {
    uint64_t version = 0;
    uint64_t size = 0;
    crypto::Sha256Digest sha256 = {};
    bool operator==(const Metadata&) const = default;
  };
  struct Source {
    crypto::Sha256Digest sha256 = {};  // Of the sources, not compressed.
    std::string path;                  // The target that holds them.
    bool operator==(const Source&) const = default;
  };
  struct Recipe {
    crypto::Sha256Digest sha256 = {};
    std::string compiler;
    bool operator==(const Recipe&) const = default;
  };
  struct Summary {
    uint64_t added = 0;
    uint64_t removed = 0;
    uint64_t changed = 0;
    uint64_t allowed = 0;  // New entries that suppress detections.
    bool operator==(const Summary&) const = default;
  };

  LeafType type = LeafType::kTuf;
  std::string role;
  // Of kTuf, and there always; of no other type.
  std::optional<Metadata> metadata;
  // Of kTuf only, each by rising path.
  std::vector<LeafFile> targets;   // New with this version.
  std::vector<LeafFile> contents;  // What compressed targets unpack to.
  std::optional<Source> source;
  std::optional<Recipe> recipe;
  std::optional<Summary> summary;
  // Of every other type, at least one: text for people.
  std::vector<std::string> notes;
  // The index of the entry before it with the same type and role.
  std::optional<uint64_t> previous;

  bool operator==(const Leaf&) const = default;
};

// kInvalid for what is no leaf and for every second spelling of one; kLimit for
// more than limits.h allows.
Result<Leaf> ParseLeaf(std::string_view text);

// The inverse. What ParseLeaf() would refuse is an error here, too.
Result<std::string> FormatLeaf(const Leaf& leaf);

// "db/main/main-7.vdb": parts of [A-Za-z0-9._-] between slashes, none of them
// "." or "..".
bool IsTargetPath(std::string_view path);

// [a-z][a-z0-9-]*, at most kRoleNameMax bytes.
bool IsRoleName(std::string_view name);

}  // namespace vitrine::update
