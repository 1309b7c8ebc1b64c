// SPDX-License-Identifier: Apache-2.0
#include "tuf/trusted_set.h"

#include <algorithm>

#include "tuf/content.h"
#include "tuf/limits.h"
#include "tuf/paths.h"
#include "tuf/profile.h"
#include "tuf/threshold.h"

namespace vitrine::tuf {
namespace {

std::string FileOf(Type type) { return LocalName(TypeName(type)); }

Error Denied(const std::string& what, const std::string& why) {
  return {Code::kDenied, what + ": " + why};
}

template <typename T>
Result<T> Named(Result<T> result, const std::string& what) {
  if (result.ok()) return result;
  return WithContext(std::move(result).error(), what);
}

std::vector<std::string> Sorted(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  return ids;
}

bool SameKeys(const RoleKeys& a, const RoleKeys& b) {
  return a.threshold == b.threshold && Sorted(a.key_ids) == Sorted(b.key_ids);
}

std::string Versions(int64_t is, int64_t ought) {
  return "version " + std::to_string(is) + " where " + std::to_string(ought);
}

}  // namespace

Result<TrustedSet> TrustedSet::Start(Bytes root, const Rules& rules) {
  const std::string what = "trusted root.json";
  TrustedSet set(rules);
  const Envelope envelope = TRY(Named(ReadEnvelope(root, kRootSizeMax), what));
  set.root_ = TRY(Named(ReadRoot(envelope.body), what));
  TRY(CheckThreshold(envelope, set.root_.keys, set.root_.root, rules.schemes,
                     what, "it"));
  if (rules.profile) TRY(CheckRootProfile(set.root_));
  return set;
}

Status TrustedSet::AddRoot(Bytes file) {
  const std::string what = FileOf(Type::kRoot);
  const Envelope envelope = TRY(Named(ReadEnvelope(file, kRootSizeMax), what));
  Root next = TRY(Named(ReadRoot(envelope.body), what));
  TRY(CheckThreshold(envelope, root_.keys, root_.root, rules_.schemes, what,
                     "the trusted root"));
  TRY(CheckThreshold(envelope, next.keys, next.root, rules_.schemes, what,
                     "it"));
  if (next.version != root_.version + 1) {
    return Denied(
        what,
        "rollback: " + Versions(next.version, root_.version + 1) + " is next");
  }
  if (rules_.profile) TRY(CheckRootProfile(next));
  online_keys_changed_ = !SameKeys(next.timestamp, root_.timestamp) ||
                         !SameKeys(next.snapshot, root_.snapshot);
  root_ = std::move(next);
  return Ok();
}

Status TrustedSet::EndRoots() const {
  return CheckFresh(root_, FileOf(Type::kRoot));
}

Status TrustedSet::RecallTimestamp(Bytes file) {
  const std::string what = "kept " + FileOf(Type::kTimestamp);
  const Envelope envelope =
      TRY(Named(ReadEnvelope(file, kTimestampSizeMax), what));
  TRY(CheckRole(envelope, Type::kTimestamp));
  timestamp_ = TRY(Named(ReadTimestamp(envelope.body), what));
  return Ok();
}

Status TrustedSet::RecallSnapshot(Bytes file) {
  const std::string what = "kept " + FileOf(Type::kSnapshot);
  const Envelope envelope =
      TRY(Named(ReadEnvelope(file, kSnapshotSizeMax), what));
  TRY(CheckRole(envelope, Type::kSnapshot));
  recalled_snapshot_ = TRY(Named(ReadSnapshot(envelope.body), what));
  return Ok();
}

Result<TrustedSet::News> TrustedSet::AddTimestamp(Bytes file) {
  const std::string what = FileOf(Type::kTimestamp);
  const Envelope envelope =
      TRY(Named(ReadEnvelope(file, kTimestampSizeMax), what));
  TRY(CheckRole(envelope, Type::kTimestamp));
  Timestamp next = TRY(Named(ReadTimestamp(envelope.body), what));
  if (timestamp_ && next.version < timestamp_->version) {
    return Denied(what,
                  "rollback: " + Versions(next.version, timestamp_->version) +
                      " was seen");
  }
  if (timestamp_ && next.version == timestamp_->version) {
    TRY(CheckFresh(*timestamp_, what));
    if (rules_.profile) TRY(CheckTimestampProfile(*timestamp_));
    return News::kNone;
  }
  if (timestamp_ && next.snapshot.version < timestamp_->snapshot.version) {
    return Denied(what, "rollback: snapshot " +
                            Versions(next.snapshot.version,
                                     timestamp_->snapshot.version) +
                            " was seen");
  }
  TRY(CheckFresh(next, what));
  if (rules_.profile) TRY(CheckTimestampProfile(next));
  timestamp_ = std::move(next);
  return News::kSome;
}

Status TrustedSet::AddSnapshot(Bytes file) {
  const std::string what = FileOf(Type::kSnapshot);
  if (!timestamp_) return Denied(what, "no timestamp yet");
  TRY(CheckMetaFile(file, timestamp_->snapshot, what));
  const Envelope envelope =
      TRY(Named(ReadEnvelope(file, kSnapshotSizeMax), what));
  TRY(CheckRole(envelope, Type::kSnapshot));
  Snapshot next = TRY(Named(ReadSnapshot(envelope.body), what));
  if (next.version != timestamp_->snapshot.version) {
    return Denied(what,
                  "mix-and-match: " +
                      Versions(next.version, timestamp_->snapshot.version) +
                      " is listed");
  }
  TRY(CheckNotOlder(next));
  TRY(CheckFresh(next, what));
  if (rules_.profile) TRY(CheckSnapshotProfile(next));
  snapshot_ = std::move(next);
  return Ok();
}

Status TrustedSet::CheckNotOlder(const Snapshot& snapshot) const {
  if (!recalled_snapshot_) return Ok();
  const std::string what = FileOf(Type::kSnapshot);
  for (const auto& [name, seen] : recalled_snapshot_->meta) {
    const auto now = snapshot.meta.find(name);
    if (now == snapshot.meta.end()) {
      return Denied(what, "rollback: " + name + " is listed no more");
    }
    if (now->second.version < seen.version) {
      return Denied(what, "rollback: " + name + " " +
                              Versions(now->second.version, seen.version) +
                              " was seen");
    }
  }
  return Ok();
}

Result<Targets> TrustedSet::ReadListed(Bytes file, std::string_view role,
                                       const Keys& keys,
                                       const RoleKeys& signers,
                                       const std::string& whose) const {
  const std::string what = LocalName(role);
  const MetaFile* listed = Listed(role);
  if (listed == nullptr) return Denied(what, "the snapshot does not list it");
  TRY(CheckMetaFile(file, *listed, what));
  const Envelope envelope =
      TRY(Named(ReadEnvelope(file, kTargetsSizeMax), what));
  TRY(CheckThreshold(envelope, keys, signers, rules_.schemes, what, whose));
  Targets targets = TRY(Named(ReadTargets(envelope.body), what));
  if (targets.version != listed->version) {
    return Denied(
        what, "mix-and-match: " + Versions(targets.version, listed->version) +
                  " is listed");
  }
  TRY(CheckFresh(targets, what));
  return targets;
}

Status TrustedSet::AddTargets(Bytes file) {
  Targets next = TRY(ReadListed(file, TypeName(Type::kTargets), root_.keys,
                                root_.targets, "root"));
  if (rules_.profile) TRY(CheckTargetsProfile(next));
  targets_ = std::make_shared<const Targets>(std::move(next));
  return Ok();
}

Result<std::shared_ptr<const Targets>> TrustedSet::Delegated(
    const Targets& delegator, std::string_view role, Bytes file) const {
  const Delegation* delegation =
      delegator.delegations ? delegator.delegations->Find(role) : nullptr;
  if (delegation == nullptr) {
    return Denied(LocalName(role), "nobody delegates to it");
  }
  Targets targets = TRY(ReadListed(file, role, delegator.delegations->keys,
                                   delegation->keys, "its delegator"));
  if (rules_.profile) TRY(CheckDelegatedProfile(role, targets));
  return std::make_shared<const Targets>(std::move(targets));
}

const MetaFile* TrustedSet::Listed(std::string_view role) const {
  if (!snapshot_) return nullptr;
  const auto at = snapshot_->meta.find(std::string(role) + ".json");
  return at == snapshot_->meta.end() ? nullptr : &at->second;
}

const Timestamp* TrustedSet::timestamp() const {
  return timestamp_ ? &*timestamp_ : nullptr;
}
const Snapshot* TrustedSet::snapshot() const {
  return snapshot_ ? &*snapshot_ : nullptr;
}

Status TrustedSet::CheckRole(const Envelope& envelope, Type type) const {
  return CheckThreshold(envelope, root_.keys, root_.Role(type), rules_.schemes,
                        FileOf(type), "root");
}

Status TrustedSet::CheckFresh(const Common& document,
                              const std::string& what) const {
  if (document.expires > rules_.now) return Ok();
  return Denied(what, "expired at " + FormatDateTime(document.expires) +
                          ", now " + std::to_string(rules_.now));
}

}  // namespace vitrine::tuf
