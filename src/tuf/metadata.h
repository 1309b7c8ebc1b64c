// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/json/value.h"
#include "base/result.h"
#include "tuf/date_time.h"
#include "tuf/key.h"

// The documents of TUF 1.0 (chapter 4 of its specification) as values. Reading
// checks form only; whom to believe is for trusted_set.h. Fields that the
// specification does not name are kept in `others` and written again.
namespace vitrine::tuf {

enum class Type : uint8_t { kRoot, kTimestamp, kSnapshot, kTargets };
// "root", "timestamp", "snapshot", "targets".
std::string_view TypeName(Type type);

// Digests by algorithm's name, lower-case hex.
using Hashes = std::map<std::string, std::string, std::less<>>;

// Who may sign for a role: `threshold` different ones of `key_ids`. Each
// identifier comes once; whether keys have them is not said here.
struct RoleKeys {
  std::vector<std::string> key_ids;
  int64_t threshold = 1;
  json::Object others;

  bool operator==(const RoleKeys&) const = default;
};

// What every document has.
struct Common {
  std::string spec_version = "1.0.34";
  int64_t version = 1;
  Time expires = 0;
  json::Object others;
};

struct Root : Common {
  static constexpr Type kType = Type::kRoot;
  bool consistent_snapshot = true;
  Keys keys;
  RoleKeys root, timestamp, snapshot, targets;
  json::Object other_roles;  // "mirrors".

  const RoleKeys& Role(Type type) const;
};

// What one document says of another.
struct MetaFile {
  int64_t version = 1;
  std::optional<int64_t> length;
  Hashes hashes;
  json::Object others;
};

struct Timestamp : Common {
  static constexpr Type kType = Type::kTimestamp;
  MetaFile snapshot;
};

struct Snapshot : Common {
  static constexpr Type kType = Type::kSnapshot;
  std::map<std::string, MetaFile, std::less<>> meta;  // By "NAME.json".
};

struct Target {
  int64_t length = 0;
  Hashes hashes;
  json::Object others;  // "custom" is one.
};

struct Delegation {
  std::string name;
  RoleKeys keys;
  bool terminating = false;
  // At most one of the two is set; with neither, nothing is delegated.
  std::optional<std::vector<std::string>> paths;
  std::optional<std::vector<std::string>> path_hash_prefixes;
};

struct Delegations {
  Keys keys;
  std::vector<Delegation> roles;  // In the order of precedence.
  json::Object others;

  const Delegation* Find(std::string_view name) const;
};

struct Targets : Common {
  static constexpr Type kType = Type::kTargets;
  std::map<std::string, Target, std::less<>> targets;  // By path.
  std::optional<Delegations> delegations;
};

// A signature as it came: `bytes` is empty where "sig" is no hex, and then
// verifies nothing, but does not spoil the others.
struct Signature {
  std::string key_id;
  ByteVector bytes;
};

// A document with its signatures; each key's identifier comes once.
struct Envelope {
  json::Object body;      // "signed"
  std::string canonical;  // What the signatures are over.
  std::vector<Signature> signatures;
};

// The envelope of a file of at most `size_max` bytes.
Result<Envelope> ReadEnvelope(Bytes file, size_t size_max);
// The file: one line of JSON, UTF-8.
std::string WriteEnvelope(const json::Object& body,
                          const std::vector<Signature>& signatures);

// A document out of an envelope's body, or kInvalid with what is wrong, or
// kLimit. The specification's major version must be 1.
Result<Root> ReadRoot(const json::Object& body);
Result<Timestamp> ReadTimestamp(const json::Object& body);
Result<Snapshot> ReadSnapshot(const json::Object& body);
Result<Targets> ReadTargets(const json::Object& body);

json::Object WriteRoot(const Root& root);
json::Object WriteTimestamp(const Timestamp& timestamp);
json::Object WriteSnapshot(const Snapshot& snapshot);
json::Object WriteTargets(const Targets& targets);

}  // namespace vitrine::tuf
