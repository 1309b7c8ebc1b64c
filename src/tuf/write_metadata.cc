// SPDX-License-Identifier: Apache-2.0
#include "base/json/writer.h"
#include "base/text.h"
#include "tuf/metadata.h"

namespace vitrine::tuf {
namespace {

json::Array TextsToJson(const std::vector<std::string>& texts) {
  return json::Array(texts.begin(), texts.end());
}

json::Object HashesToJson(const Hashes& hashes) {
  json::Object object;
  for (const auto& [algorithm, digest] : hashes) object.Set(algorithm, digest);
  return object;
}

json::Object RoleToJson(const RoleKeys& role) {
  json::Object object = role.others;
  object.Set("keyids", TextsToJson(role.key_ids));
  object.Set("threshold", role.threshold);
  return object;
}

json::Object CommonToJson(const Common& common, Type type) {
  json::Object object = common.others;
  object.Set("_type", TypeName(type));
  object.Set("spec_version", common.spec_version);
  object.Set("version", common.version);
  object.Set("expires", FormatDateTime(common.expires));
  return object;
}

json::Object MetaFileToJson(const MetaFile& file) {
  json::Object object = file.others;
  object.Set("version", file.version);
  if (file.length) object.Set("length", *file.length);
  if (!file.hashes.empty()) object.Set("hashes", HashesToJson(file.hashes));
  return object;
}

json::Object DelegationToJson(const Delegation& role) {
  json::Object object = RoleToJson(role.keys);
  object.Set("name", role.name);
  object.Set("terminating", role.terminating);
  if (role.paths) object.Set("paths", TextsToJson(*role.paths));
  if (role.path_hash_prefixes) {
    object.Set("path_hash_prefixes", TextsToJson(*role.path_hash_prefixes));
  }
  return object;
}

}  // namespace

std::string_view TypeName(Type type) {
  switch (type) {
    case Type::kRoot:
      return "root";
    case Type::kTimestamp:
      return "timestamp";
    case Type::kSnapshot:
      return "snapshot";
    case Type::kTargets:
      return "targets";
  }
  return "";
}

const RoleKeys& Root::Role(Type type) const {
  switch (type) {
    case Type::kRoot:
      return root;
    case Type::kTimestamp:
      return timestamp;
    case Type::kSnapshot:
      return snapshot;
    case Type::kTargets:
      break;
  }
  return targets;
}

const Delegation* Delegations::Find(std::string_view name) const {
  for (const Delegation& role : roles) {
    if (role.name == name) return &role;
  }
  return nullptr;
}

std::string WriteEnvelope(const json::Object& body,
                          const std::vector<Signature>& signatures) {
  json::Array list;
  for (const Signature& signature : signatures) {
    list.push_back(json::Object{{"keyid", signature.key_id},
                                {"sig", ToHex(signature.bytes)}});
  }
  return json::Write(
      json::Object{{"signatures", std::move(list)}, {"signed", body}});
}

json::Object WriteRoot(const Root& root) {
  json::Object object = CommonToJson(root, Type::kRoot);
  object.Set("consistent_snapshot", root.consistent_snapshot);
  object.Set("keys", KeysToJson(root.keys));
  json::Object roles = root.other_roles;
  for (const Type type :
       {Type::kRoot, Type::kTimestamp, Type::kSnapshot, Type::kTargets}) {
    roles.Set(std::string(TypeName(type)), RoleToJson(root.Role(type)));
  }
  object.Set("roles", std::move(roles));
  return object;
}

json::Object WriteTimestamp(const Timestamp& timestamp) {
  json::Object object = CommonToJson(timestamp, Type::kTimestamp);
  object.Set("meta", json::Object{{"snapshot.json",
                                   MetaFileToJson(timestamp.snapshot)}});
  return object;
}

json::Object WriteSnapshot(const Snapshot& snapshot) {
  json::Object object = CommonToJson(snapshot, Type::kSnapshot);
  json::Object meta;
  for (const auto& [name, file] : snapshot.meta) {
    meta.Set(name, MetaFileToJson(file));
  }
  object.Set("meta", std::move(meta));
  return object;
}

json::Object WriteTargets(const Targets& targets) {
  json::Object object = CommonToJson(targets, Type::kTargets);
  json::Object files;
  for (const auto& [path, target] : targets.targets) {
    json::Object file = target.others;
    file.Set("length", target.length);
    file.Set("hashes", HashesToJson(target.hashes));
    files.Set(path, std::move(file));
  }
  object.Set("targets", std::move(files));
  if (targets.delegations) {
    json::Object delegations = targets.delegations->others;
    delegations.Set("keys", KeysToJson(targets.delegations->keys));
    json::Array roles;
    for (const Delegation& role : targets.delegations->roles) {
      roles.push_back(DelegationToJson(role));
    }
    delegations.Set("roles", std::move(roles));
    object.Set("delegations", std::move(delegations));
  }
  return object;
}

}  // namespace vitrine::tuf
