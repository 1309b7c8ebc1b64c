// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/json/reader.h"
#include "base/json/writer.h"
#include "base/text.h"
#include "tuf/fields.h"
#include "tuf/limits.h"
#include "tuf/metadata.h"

namespace vitrine::tuf {
namespace {

constexpr int64_t kVersionLeast = 1;

// "1.x" or "1.x.y": documents of the first major version.
bool IsSpokenVersion(std::string_view text) {
  const auto parts = Split(text, '.');
  return (parts.size() == 2 || parts.size() == 3) && parts[0] == "1" &&
         std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           return ParseDecimal(part).has_value();
         });
}

Status ReadCommon(Fields& fields, Type type, Common& common) {
  if (TRY(fields.Text("_type")) != TypeName(type)) {
    return fields.Wrong("_type", "is not " + std::string(TypeName(type)));
  }
  common.spec_version = TRY(fields.Text("spec_version"));
  if (!IsSpokenVersion(common.spec_version)) {
    return fields.Wrong("spec_version", "is not of major version 1");
  }
  common.version = TRY(fields.Integer("version", kVersionLeast));
  const auto expires = ParseDateTime(TRY(fields.Text("expires")));
  if (!expires) {
    return fields.Wrong("expires", "is no YYYY-MM-DDTHH:MM:SSZ");
  }
  common.expires = *expires;
  return Ok();
}

// A member's texts, of at most `size_max` bytes, none twice, at most
// `count_max`.
Result<std::vector<std::string>> ReadTexts(Fields& fields,
                                           std::string_view name,
                                           size_t size_max, size_t count_max) {
  const json::Array& array = *TRY(fields.Array(name));
  if (array.size() > count_max) {
    return Error{Code::kLimit, "more than " + std::to_string(count_max) + " " +
                                   std::string(name)};
  }
  std::vector<std::string> texts;
  for (const json::Value& value : array) {
    if (value.text() == nullptr || value.text()->size() > size_max) {
      return fields.Wrong(name, "has what is no text, or too long");
    }
    texts.push_back(*value.text());
  }
  auto sorted = texts;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    return fields.Wrong(name, "has one twice");
  }
  return texts;
}

Status ReadRoleKeys(Fields& fields, RoleKeys& role) {
  constexpr size_t kKeyIdMax = 256;  // Longer ones name no key of ours.
  role.key_ids = TRY(ReadTexts(fields, "keyids", kKeyIdMax, kKeysMax));
  role.threshold = TRY(fields.Integer("threshold", 1));
  return Ok();
}

Result<Hashes> ReadHashes(Fields& fields) {
  Hashes hashes;
  for (const auto& [algorithm, value] : *TRY(fields.Object("hashes"))) {
    if (value.text() == nullptr || !FromHex(*value.text())) {
      return fields.Wrong("hashes", "has what is no hex");
    }
    hashes.emplace(algorithm, ToLowerText(*value.text()));
  }
  if (hashes.empty()) return fields.Wrong("hashes", "has none");
  return hashes;
}

Result<MetaFile> ReadMetaFile(const json::Value& value,
                              const std::string& name) {
  if (value.object() == nullptr) {
    return Error{Code::kInvalid, name + " is no object"};
  }
  Fields fields(*value.object(), name);
  MetaFile file;
  file.version = TRY(fields.Integer("version", kVersionLeast));
  if (fields.Find("length") != nullptr) {
    file.length = TRY(fields.Integer("length", 1));
  }
  if (fields.Find("hashes") != nullptr) {
    file.hashes = TRY(ReadHashes(fields));
  }
  file.others = fields.Others();
  return file;
}

Result<Target> ReadTarget(const json::Value& value, const std::string& path) {
  if (value.object() == nullptr) {
    return Error{Code::kInvalid, "target " + path + " is no object"};
  }
  Fields fields(*value.object(), path);
  Target target;
  target.length = TRY(fields.Integer("length", 0));
  target.hashes = TRY(ReadHashes(fields));
  target.others = fields.Others();
  const json::Value* custom = target.others.Find("custom");
  if (custom != nullptr && custom->object() == nullptr) {
    return fields.Wrong("custom", "is no object");
  }
  return target;
}

// Names that files of the top-level roles have, in the client's folder too.
bool IsTopLevel(std::string_view name) {
  return name == "root" || name == "timestamp" || name == "snapshot" ||
         name == "targets";
}

Result<Delegation> ReadDelegation(const json::Value& value) {
  if (value.object() == nullptr) {
    return Error{Code::kInvalid, "a delegation is no object"};
  }
  Fields fields(*value.object(), "delegation");
  Delegation role;
  role.name = TRY(fields.Text("name"));
  if (role.name.empty() || role.name.size() > kRoleNameMax ||
      IsTopLevel(role.name)) {
    return fields.Wrong("name", "is empty, too long or of a top-level role");
  }
  TRY(ReadRoleKeys(fields, role.keys));
  role.terminating = TRY(fields.Boolean("terminating"));
  // Python's null, in files of older writers, says the same as no member.
  const auto is_set = [&fields](std::string_view name) {
    const json::Value* member = fields.Find(name);
    return member != nullptr && !member->IsNull();
  };
  if (is_set("paths")) {
    role.paths = TRY(ReadTexts(fields, "paths", kTargetPathMax, kPatternsMax));
  }
  if (is_set("path_hash_prefixes")) {
    constexpr size_t kSha256Digits = 64;
    role.path_hash_prefixes = TRY(
        ReadTexts(fields, "path_hash_prefixes", kSha256Digits, kPatternsMax));
  }
  if (role.paths && role.path_hash_prefixes) {
    return fields.Wrong("paths", "stands beside path_hash_prefixes");
  }
  role.keys.others = fields.Others();
  return role;
}

Result<Delegations> ReadDelegations(const json::Object& object) {
  Fields fields(object, "delegations");
  Delegations delegations;
  delegations.keys = TRY(KeysFromJson(fields.Find("keys")));
  const json::Array& roles = *TRY(fields.Array("roles"));
  if (roles.size() > kDelegationsMax) {
    return Error{Code::kLimit, "more than 1024 delegations"};
  }
  std::set<std::string> names;
  for (const json::Value& value : roles) {
    Delegation role = TRY(ReadDelegation(value));
    if (!names.insert(role.name).second) {
      return fields.Wrong("roles", "has a role twice");
    }
    delegations.roles.push_back(std::move(role));
  }
  delegations.others = fields.Others();
  return delegations;
}

}  // namespace

Result<Envelope> ReadEnvelope(Bytes file, size_t size_max) {
  const json::Value value = TRY(json::Read(file, size_max));
  if (value.object() == nullptr) {
    return Error{Code::kInvalid, "metadata is no object"};
  }
  Fields fields(*value.object(), "metadata");
  Envelope envelope;
  envelope.body = *TRY(fields.Object("signed"));
  envelope.canonical = json::WriteCanonical(envelope.body);
  const json::Array& signatures = *TRY(fields.Array("signatures"));
  if (signatures.size() > kSignaturesMax) {
    return Error{Code::kLimit, "more than 64 signatures"};
  }
  std::set<std::string> ids;
  for (const json::Value& entry : signatures) {
    if (entry.object() == nullptr) {
      return Error{Code::kInvalid, "a signature is no object"};
    }
    Fields members(*entry.object(), "signature");
    std::string id = TRY(members.Text("keyid"));
    const auto bytes = FromHex(TRY(members.Text("sig")));
    if (!ids.insert(id).second) {
      return Error{Code::kInvalid, "two signatures of one key identifier"};
    }
    envelope.signatures.push_back(
        {std::move(id), bytes.value_or(ByteVector())});
  }
  return envelope;
}

Result<Root> ReadRoot(const json::Object& body) {
  Fields fields(body, "root");
  Root root;
  TRY(ReadCommon(fields, Type::kRoot, root));
  root.consistent_snapshot = fields.Find("consistent_snapshot") != nullptr &&
                             TRY(fields.Boolean("consistent_snapshot"));
  root.keys = TRY(KeysFromJson(fields.Find("keys")));
  Fields roles(*TRY(fields.Object("roles")), "roles");
  const std::array<std::pair<const char*, RoleKeys*>, 4> named = {
      {{"root", &root.root},
       {"timestamp", &root.timestamp},
       {"snapshot", &root.snapshot},
       {"targets", &root.targets}}};
  for (const auto& [name, keys] : named) {
    Fields role(*TRY(roles.Object(name)), name);
    TRY(ReadRoleKeys(role, *keys));
    keys->others = role.Others();
  }
  root.other_roles = roles.Others();
  root.others = fields.Others();
  return root;
}

Result<Timestamp> ReadTimestamp(const json::Object& body) {
  Fields fields(body, "timestamp");
  Timestamp timestamp;
  TRY(ReadCommon(fields, Type::kTimestamp, timestamp));
  const json::Object& meta = *TRY(fields.Object("meta"));
  const json::Value* snapshot = meta.Find("snapshot.json");
  if (snapshot == nullptr || meta.size() != 1) {
    return fields.Wrong("meta", "describes other than snapshot.json alone");
  }
  timestamp.snapshot = TRY(ReadMetaFile(*snapshot, "snapshot.json"));
  timestamp.others = fields.Others();
  return timestamp;
}

Result<Snapshot> ReadSnapshot(const json::Object& body) {
  Fields fields(body, "snapshot");
  Snapshot snapshot;
  TRY(ReadCommon(fields, Type::kSnapshot, snapshot));
  for (const auto& [name, value] : *TRY(fields.Object("meta"))) {
    snapshot.meta.emplace(name, TRY(ReadMetaFile(value, name)));
  }
  if (!snapshot.meta.contains("targets.json")) {
    return fields.Wrong("meta", "does not list targets.json");
  }
  snapshot.others = fields.Others();
  return snapshot;
}

Result<Targets> ReadTargets(const json::Object& body) {
  Fields fields(body, "targets");
  Targets targets;
  TRY(ReadCommon(fields, Type::kTargets, targets));
  for (const auto& [path, value] : *TRY(fields.Object("targets"))) {
    if (path.size() > kTargetPathMax) {
      return Error{Code::kLimit, "a target's path is too long"};
    }
    targets.targets.emplace(path, TRY(ReadTarget(value, path)));
  }
  if (fields.Find("delegations") != nullptr) {
    const json::Object* delegations = TRY(fields.Object("delegations"));
    targets.delegations = TRY(ReadDelegations(*delegations));
  }
  targets.others = fields.Others();
  return targets;
}

}  // namespace vitrine::tuf
