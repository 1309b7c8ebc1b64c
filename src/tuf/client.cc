// SPDX-License-Identifier: Apache-2.0
#include "tuf/client.h"

#include <set>
#include <vector>

#include "tuf/content.h"
#include "tuf/limits.h"
#include "tuf/paths.h"

namespace vitrine::tuf {
namespace {

const std::string kRootFile = "root.json";
const std::string kTimestampFile = "timestamp.json";
const std::string kSnapshotFile = "snapshot.json";
const std::string kTargetsFile = "targets.json";

// How much to fetch of a file that another one lists.
size_t SizeMax(const MetaFile& listed, size_t otherwise) {
  if (!listed.length) return otherwise;
  return std::min(static_cast<size_t>(*listed.length), otherwise);
}

}  // namespace

Status Client::Refresh() {
  TRY(UpdateRoot());
  TRY(UpdateTimestamp());
  TRY(UpdateSnapshot());
  TRY(UpdateTargets());
  refreshed_ = true;
  return Ok();
}

Status Client::UpdateRoot() {
  const ByteVector trusted = TRY(store_.Load(kRootFile, kRootSizeMax));
  set_ = TRY(TrustedSet::Start(trusted, rules_));
  for (int i = 0; i < kRootRotationsMax; ++i) {
    const int64_t next = set_->root().version + 1;
    const auto file = Fetch(RemoteName("root", next), kRootSizeMax);
    if (!file.ok() && file.error().code == Code::kNotFound) break;
    if (!file.ok()) return file.error();
    TRY(set_->AddRoot(file.value()));
    // Removed before the root is kept: were we stopped in between, the next
    // update would no longer know that they must go.
    if (set_->online_keys_changed()) {
      TRY(store_.Remove(kTimestampFile));
      TRY(store_.Remove(kSnapshotFile));
    }
    TRY(store_.Save(kRootFile, file.value()));
  }
  return set_->EndRoots();
}

Status Client::UpdateTimestamp() {
  const auto kept = store_.Load(kTimestampFile, kTimestampSizeMax);
  // One that today's keys have not signed is as good as none.
  if (kept.ok()) static_cast<void>(set_->RecallTimestamp(kept.value()));
  const ByteVector file = TRY(Fetch(kTimestampFile, kTimestampSizeMax));
  if (TRY(set_->AddTimestamp(file)) == TrustedSet::News::kNone) return Ok();
  return store_.Save(kTimestampFile, file);
}

Status Client::UpdateSnapshot() {
  const MetaFile& listed = set_->timestamp()->snapshot;
  const auto kept = store_.Load(kSnapshotFile, kSnapshotSizeMax);
  if (kept.ok()) {
    if (set_->AddSnapshot(kept.value()).ok()) return Ok();
    static_cast<void>(set_->RecallSnapshot(kept.value()));
  }
  const ByteVector file = TRY(Fetch(VersionedName("snapshot", listed.version),
                                    SizeMax(listed, kSnapshotSizeMax)));
  TRY(set_->AddSnapshot(file));
  return store_.Save(kSnapshotFile, file);
}

Status Client::UpdateTargets() {
  const auto kept = store_.Load(kTargetsFile, kTargetsSizeMax);
  if (kept.ok() && set_->AddTargets(kept.value()).ok()) return Ok();
  const MetaFile* listed = set_->Listed("targets");
  CHECK(listed != nullptr);  // No snapshot is read without it.
  const ByteVector file = TRY(Fetch(VersionedName("targets", listed->version),
                                    SizeMax(*listed, kTargetsSizeMax)));
  TRY(set_->AddTargets(file));
  return store_.Save(kTargetsFile, file);
}

Result<std::shared_ptr<const Targets>> Client::LoadDelegated(
    const std::shared_ptr<const Targets>& delegator, const std::string& role) {
  const Proof proof{delegator, role};
  const auto at = proven_.find(proof);
  if (at != proven_.end()) return at->second;
  const MetaFile* listed = set_->Listed(role);
  if (listed == nullptr) {
    return Error{Code::kDenied,
                 LocalName(role) + ": the snapshot does not list it"};
  }
  const std::string local = LocalName(role);
  const auto kept = store_.Load(local, kTargetsSizeMax);
  if (kept.ok()) {
    auto targets = set_->Delegated(*delegator, role, kept.value());
    if (targets.ok()) return proven_[proof] = targets.value();
  }
  const ByteVector file = TRY(Fetch(VersionedName(role, listed->version),
                                    SizeMax(*listed, kTargetsSizeMax)));
  auto targets = TRY(set_->Delegated(*delegator, role, file));
  TRY(store_.Save(local, file));
  return proven_[proof] = targets;
}

Result<FoundTarget> Client::Find(const std::string& path) {
  CHECK(refreshed_);
  TRY(CheckTargetPath(path));
  struct Visit {
    std::string role;
    std::shared_ptr<const Targets> delegator;  // Null at the top.
  };
  std::vector<Visit> pending = {{"targets", nullptr}};
  std::set<std::string> visited;
  while (!pending.empty() && visited.size() < kRolesVisitedMax) {
    const Visit visit = std::move(pending.back());
    pending.pop_back();
    if (!visited.insert(visit.role).second) continue;
    const auto targets = visit.delegator == nullptr
                             ? set_->targets()
                             : TRY(LoadDelegated(visit.delegator, visit.role));
    const auto found = targets->targets.find(path);
    if (found != targets->targets.end()) {
      return FoundTarget{path, visit.role, targets->version, found->second};
    }
    if (!targets->delegations) continue;
    std::vector<Visit> below;
    for (const Delegation& role : targets->delegations->roles) {
      if (!Covers(role, path)) continue;
      below.push_back({role.name, targets});
      if (role.terminating) {
        pending.clear();
        break;
      }
    }
    pending.insert(pending.end(), below.rbegin(), below.rend());
  }
  return Error{Code::kNotFound, path + ": no role that may offer it does"};
}

Status Client::Download(const FoundTarget& found, const Fetcher::Sink& sink) {
  const Target& target = found.target;
  if (target.length > kTargetSizeMax) {
    return Error{Code::kLimit, found.path + ": too long"};
  }
  auto check = ContentCheck::Of(target.length, target.hashes);
  if (!check.ok()) return WithContext(check.error(), found.path);
  const std::string name = TargetName(
      found.path,
      set_->root().consistent_snapshot ? NamingDigest(target.hashes) : "");
  const auto checked = [&](Bytes piece) -> Status {
    TRY(check.value().Update(piece));
    return sink(piece);
  };
  Status done =
      fetcher_.FetchTarget(name, static_cast<uint64_t>(target.length), checked);
  if (done.ok()) done = check.value().Finish();
  if (done.ok()) return done;
  return WithContext(done.error(), found.path);
}

std::string Client::VersionedName(std::string_view role,
                                  int64_t version) const {
  return set_->root().consistent_snapshot ? RemoteName(role, version)
                                          : LocalName(role);
}

Result<ByteVector> Client::Fetch(const std::string& name, size_t size_max) {
  auto file = fetcher_.FetchMetadata(name, size_max);
  if (!file.ok()) return WithContext(file.error(), name);
  if (file.value().size() > size_max) {
    return Error{Code::kLimit, name + ": longer than asked for"};
  }
  return file;
}

}  // namespace vitrine::tuf
