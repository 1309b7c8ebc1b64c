// SPDX-License-Identifier: Apache-2.0
#include "tuf/profile.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "tuf/limits.h"
#include "tuf/paths.h"

namespace vitrine::tuf {
namespace {

constexpr ProfileRole kRoles[] = {
    {"engine", 3, true, 90},    {"db", 3, true, 7},
    {"dbtrust", 2, true, 30},   {"policy", 2, true, 180},
    {"advisory", 2, false, 30},
};

struct Lifetime {
  std::string_view role;
  int days;
};
constexpr Lifetime kTopLevelLifetimes[] = {
    {"root", 366}, {"targets", 366}, {"snapshot", 7}, {"timestamp", 1}};

// Of a role that only one side signs: two people at least.
constexpr int64_t kLeastSigners = 2;

constexpr size_t kSha256Digits = 64;
constexpr size_t kSha512Digits = 128;

Error Denied(std::string_view role, const std::string& what) {
  return {Code::kDenied, "profile: " + std::string(role) + ": " + what};
}

using Material = std::set<ByteVector>;

// The role's different public keys, by side; only Ed25519.
struct Holders {
  Material vendor, outside, all;
};
Result<Holders> HoldersOf(std::string_view role, const RoleKeys& keys,
                          const Keys& known, bool sides) {
  Holders holders;
  for (const std::string& id : keys.key_ids) {
    const auto key = known.find(id);
    if (key == known.end()) return Denied(role, "a key is not listed");
    const auto public_key = key->second.Public(Schemes::kEd25519);
    if (!public_key.ok()) return Denied(role, "a key is not Ed25519");
    ByteVector material = public_key.value().Spki();
    if (!holders.all.insert(material).second) {
      return Denied(role, "a key has two identifiers");
    }
    const auto side = SideOf(key->second);
    if (!side) {
      if (sides) return Denied(role, "a key does not say whose side it is on");
      continue;
    }
    (*side == Side::kVendor ? holders.vendor : holders.outside)
        .insert(std::move(material));
  }
  return holders;
}

Status CheckBothSides(std::string_view role, const RoleKeys& keys,
                      const Keys& known) {
  const Holders holders = TRY(HoldersOf(role, keys, known, /*sides=*/true));
  const auto larger = static_cast<int64_t>(
      std::max(holders.vendor.size(), holders.outside.size()));
  if (keys.threshold <= larger) {
    return Denied(role, "its threshold of " + std::to_string(keys.threshold) +
                            " is met by one side's " + std::to_string(larger) +
                            " keys");
  }
  if (keys.threshold > static_cast<int64_t>(holders.all.size())) {
    return Denied(role, "its threshold is more than its keys");
  }
  return Ok();
}

Status CheckDescribed(std::string_view what, const MetaFile& file) {
  if (file.length && file.hashes.contains("sha256")) return Ok();
  return Denied(what, "is listed without its length and sha256");
}

bool IsPlainPath(std::string_view path) {
  return std::all_of(path.begin(), path.end(), [](char c) {
    const auto byte = static_cast<uint8_t>(c);
    return IsAlnum(byte) || c == '-' || c == '_' || c == '.' || c == '+' ||
           c == '/';
  });
}

bool HasDigest(const Hashes& hashes, std::string_view name, size_t digits) {
  const auto at = hashes.find(name);
  return at != hashes.end() && at->second.size() == digits;
}

Status CheckDelegation(const Delegation& role, const Keys& known) {
  const ProfileRole* profile = FindProfileRole(role.name);
  if (profile == nullptr) {
    return Denied("targets", "delegates to an unknown role " + role.name);
  }
  if (!role.terminating) return Denied(role.name, "is not terminating");
  std::string pattern(role.name);
  for (int i = 1; i < profile->parts; ++i) pattern += "/*";
  if (!role.paths || *role.paths != std::vector<std::string>{pattern}) {
    return Denied(role.name, "has other paths than " + pattern);
  }
  if (profile->both_sides) return CheckBothSides(role.name, role.keys, known);
  const Holders holders =
      TRY(HoldersOf(role.name, role.keys, known, /*sides=*/false));
  if (role.keys.threshold < kLeastSigners ||
      role.keys.threshold > static_cast<int64_t>(holders.all.size())) {
    return Denied(role.name, "its threshold is not within 2 and its keys");
  }
  return Ok();
}

}  // namespace

std::string_view SideName(Side side) {
  return side == Side::kVendor ? "vendor" : "outside";
}

std::optional<Side> SideOf(const Key& key) {
  const json::Value* value = key.json().Find(kSideField);
  if (value == nullptr || value->text() == nullptr) return std::nullopt;
  for (const Side side : {Side::kVendor, Side::kOutside}) {
    if (*value->text() == SideName(side)) return side;
  }
  return std::nullopt;
}

const ProfileRole* FindProfileRole(std::string_view name) {
  const auto* at = std::find_if(
      std::begin(kRoles), std::end(kRoles),
      [name](const ProfileRole& role) { return role.name == name; });
  return at == std::end(kRoles) ? nullptr : at;
}

Status CheckRootProfile(const Root& root) {
  if (!root.consistent_snapshot) {
    return Denied("root", "snapshots are not consistent");
  }
  for (const Type type : {Type::kRoot, Type::kTargets}) {
    TRY(CheckBothSides(TypeName(type), root.Role(type), root.keys));
  }
  // Online keys select what is offered; they must not also introduce it.
  Material seen;
  for (const Type type : {Type::kRoot, Type::kTargets}) {
    const auto holders =
        TRY(HoldersOf(TypeName(type), root.Role(type), root.keys, false));
    seen.insert(holders.all.begin(), holders.all.end());
  }
  for (const Type type : {Type::kSnapshot, Type::kTimestamp}) {
    const auto holders =
        TRY(HoldersOf(TypeName(type), root.Role(type), root.keys, false));
    for (const ByteVector& key : holders.all) {
      if (!seen.insert(key).second) {
        return Denied(TypeName(type), "shares a key with another role");
      }
    }
  }
  return Ok();
}

Status CheckTimestampProfile(const Timestamp& timestamp) {
  return CheckDescribed("snapshot.json", timestamp.snapshot);
}

Status CheckSnapshotProfile(const Snapshot& snapshot) {
  for (const auto& [name, file] : snapshot.meta) {
    TRY(CheckDescribed(name, file));
  }
  return Ok();
}

Status CheckTargetsProfile(const Targets& targets) {
  if (!targets.targets.empty()) {
    return Denied("targets", "has targets of its own");
  }
  if (!targets.delegations) return Ok();
  for (const Delegation& role : targets.delegations->roles) {
    TRY(CheckDelegation(role, targets.delegations->keys));
  }
  return Ok();
}

Status CheckDelegatedProfile(std::string_view role, const Targets& targets) {
  if (targets.delegations) return Denied(role, "delegates further");
  const ProfileRole* profile = FindProfileRole(role);
  if (profile == nullptr) return Denied(role, "is unknown");
  for (const auto& [path, target] : targets.targets) {
    const auto parts = Split(path, '/');
    if (!CheckTargetPath(path).ok() || !IsPlainPath(path) ||
        static_cast<int>(parts.size()) != profile->parts || parts[0] != role) {
      return Denied(role, "a target's path is not of its kind");
    }
    if (target.hashes.size() != 2 ||
        !HasDigest(target.hashes, "sha256", kSha256Digits) ||
        !HasDigest(target.hashes, "sha512", kSha512Digits)) {
      return Denied(role, path + " has not just its sha256 and sha512");
    }
    if (target.length > kTargetSizeMax)
      return Denied(role, path + " is too long");
  }
  return Ok();
}

Status CheckLifetime(std::string_view role, Time now, Time expires) {
  constexpr int64_t kSecondsADay = 86'400;
  int days = 0;
  for (const Lifetime& lifetime : kTopLevelLifetimes) {
    if (lifetime.role == role) days = lifetime.days;
  }
  if (const ProfileRole* profile = FindProfileRole(role)) {
    days = profile->lifetime_days;
  }
  if (days == 0) return Denied(role, "is unknown");
  if (expires <= now) return Denied(role, "expires before it is signed");
  if (expires - now > days * kSecondsADay) {
    return Denied(role,
                  "is valid for more than " + std::to_string(days) + " days");
  }
  return Ok();
}

}  // namespace vitrine::tuf
