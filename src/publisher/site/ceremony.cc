// SPDX-License-Identifier: Apache-2.0
#include "publisher/site/ceremony.h"

#include <sys/stat.h>

#include <filesystem>
#include <map>

#include "base/read_file.h"
#include "base/system_error.h"
#include "publisher/site/limits.h"
#include "publisher/site/staging.h"
#include "tlog/policy.h"
#include "tuf/repository.h"

namespace vitrine::publisher {
namespace {

using tuf::Side;
using tuf::Signer;

// Keys of a role that both sides sign.
struct Group {
  const char* name;
  int keys_a_side;
  int64_t threshold;
};
constexpr Group kRootKeys = {"root", 3, 4};
constexpr Group kDatabaseKeys = {"db", 2, 3};
constexpr const char* kOnlineKeys[] = {"snapshot1", "snapshot2", "timestamp"};

std::string PersonKey(const Places& places, Side side, const Group& group,
                      int number) {
  return places.Keys() + "/" + std::string(tuf::SideName(side)) + "/" +
         group.name + std::to_string(number) + ".key";
}

Status MakeFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return SystemError(path, error.value());
  return Ok();
}

Result<Signer> MakeKey(const std::string& path, const json::Object& fields) {
  Signer signer(crypto::PrivateKey::Generate(crypto::SignatureScheme::kEd25519),
                fields);
  TRY(tuf::WriteKeyFile(path, signer));
  return signer;
}

Result<std::vector<Signer>> ReadGroup(const Places& places,
                                      const Group& group) {
  std::vector<Signer> out;
  for (const Side side : {Side::kVendor, Side::kOutside}) {
    for (int i = 1; i <= group.keys_a_side; ++i) {
      out.push_back(TRY(tuf::ReadKeyFile(PersonKey(places, side, group, i))));
    }
  }
  return out;
}

tuf::RoleKeys RoleOf(const std::vector<Signer>& signers, int64_t threshold,
                     tuf::Keys& keys) {
  tuf::RoleKeys role;
  role.threshold = threshold;
  for (const Signer& signer : signers) {
    role.key_ids.push_back(signer.key().id());
    keys.insert_or_assign(signer.key().id(), signer.key());
  }
  return role;
}

tuf::Delegation Delegate(const std::string& name, int parts,
                         tuf::RoleKeys keys) {
  std::string pattern = name;
  for (int i = 1; i < parts; ++i) pattern += "/*";
  tuf::Delegation out;
  out.name = name;
  out.keys = std::move(keys);
  out.terminating = true;
  out.paths = {pattern};
  return out;
}

}  // namespace

Result<Signer> MakePersonKey(const std::string& path, Side side) {
  json::Object fields;
  fields.Set(tuf::kSideField, std::string(tuf::SideName(side)));
  return MakeKey(path, fields);
}

Result<Ceremony> MakeKeys(const Places& places,
                          const CeremonyOptions& options) {
  Ceremony out;
  out.record.push_back("keys of " + options.origin + ", made " +
                       tuf::FormatDateTime(options.now));
  for (const Side side : {Side::kVendor, Side::kOutside}) {
    TRY(MakeFolder(places.Keys() + "/" + std::string(tuf::SideName(side))));
    for (const Group& group : {kRootKeys, kDatabaseKeys}) {
      for (int i = 1; i <= group.keys_a_side; ++i) {
        const Signer signer =
            TRY(MakePersonKey(PersonKey(places, side, group, i), side));
        out.record.push_back(std::string(tuf::SideName(side)) + " " +
                             group.name + std::to_string(i) + " " +
                             signer.key().id());
      }
    }
  }
  TRY(MakeFolder(places.Keys() + "/online"));
  for (const char* name : kOnlineKeys) {
    const Signer signer = TRY(MakeKey(places.OnlineKey(name), {}));
    out.record.push_back("online " + std::string(name) + " " +
                         signer.key().id());
  }
  TRY(MakeKey(places.OnlineKey("log"), {}));
  return out;
}

Status StageFirst(const Places& places, const CeremonyOptions& options) {
  const auto root_keys = TRY(ReadGroup(places, kRootKeys));
  const auto db_keys = TRY(ReadGroup(places, kDatabaseKeys));
  std::vector<Signer> snapshot;
  for (const char* name : {"snapshot1", "snapshot2"}) {
    snapshot.push_back(TRY(tuf::ReadKeyFile(places.OnlineKey(name))));
  }
  const Signer timestamp = TRY(tuf::ReadKeyFile(places.OnlineKey("timestamp")));

  tuf::Root root;
  root.expires = options.now + kRootDays * kSecondsADay;
  root.root = RoleOf(root_keys, kRootKeys.threshold, root.keys);
  root.targets = RoleOf(root_keys, kRootKeys.threshold, root.keys);
  root.snapshot = RoleOf(snapshot, 1, root.keys);
  root.timestamp = RoleOf({timestamp}, 1, root.keys);
  TRY(Stage(places.Staging(), "root", 1, WriteRoot(root), {}));

  tuf::Targets top;
  top.expires = options.now + kRootDays * kSecondsADay;
  top.delegations.emplace();
  tuf::Keys& keys = top.delegations->keys;
  for (const auto& [name, parts] :
       std::initializer_list<std::pair<const char*, int>>{
           {"engine", 3}, {"db", 3}, {"dbtrust", 2}, {"policy", 2}}) {
    const bool is_db = std::string_view(name) == "db";
    top.delegations->roles.push_back(Delegate(
        name, parts,
        RoleOf(is_db ? db_keys : root_keys,
               is_db ? kDatabaseKeys.threshold : kRootKeys.threshold, keys)));
  }
  TRY(Stage(places.Staging(), "targets", 1, WriteTargets(top), {}));

  auto repository = TRY(tuf::Repository::Open(places.Site(), {}));
  return StagePolicy(places, repository, options.now);
}

// The policy that clients begin with is theirs; this is where it changes.
Status StagePolicy(const Places& places, tuf::Repository& repository,
                   tuf::Time now) {
  const ByteVector policy = TRY(ReadFile(places.Policy(), kTextMax));
  TRY(tlog::ParsePolicy(AsText(policy)));
  constexpr char kPath[] = "policy/tlog-policy";
  tuf::Targets targets = repository.Draft("policy");
  targets.expires = now + kPolicyDays * kSecondsADay;
  targets.targets[kPath] = TRY(repository.AddTargetFile(kPath, policy));
  update::Leaf leaf;
  leaf.targets = {update::DescribeFile(kPath, policy)};
  return Stage(places.Staging(), "policy", targets.version,
               WriteTargets(targets), leaf);
}

}  // namespace vitrine::publisher
