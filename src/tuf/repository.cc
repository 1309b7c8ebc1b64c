// SPDX-License-Identifier: Apache-2.0
#include "tuf/repository.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/atomic_file.h"
#include "base/read_file.h"
#include "base/system_error.h"
#include "base/text.h"
#include "tuf/content.h"
#include "tuf/limits.h"
#include "tuf/paths.h"
#include "tuf/profile.h"
#include "tuf/threshold.h"

namespace vitrine::tuf {
namespace {

constexpr char kTop[] = "targets";

Status MakeFolder(const std::string& path) {
  if (mkdir(path.c_str(), 0777) == 0) return SyncFolderOf(path);
  if (errno == EEXIST) return Ok();
  return SystemError(path, errno);
}

// Makes the folders above `path`, below `base`.
Status MakeFoldersFor(const std::string& base, const std::string& path) {
  for (size_t slash = path.find('/'); slash != path.npos;
       slash = path.find('/', slash + 1)) {
    TRY(MakeFolder(base + "/" + path.substr(0, slash)));
  }
  return Ok();
}

MetaFile Describe(int64_t version, const std::string& file) {
  return {
      version, static_cast<int64_t>(file.size()), HashesOf(AsBytes(file)), {}};
}

}  // namespace

Result<Repository> Repository::Open(const std::string& folder,
                                    const Rules& rules) {
  Repository repository(folder, rules);
  for (const char* part : {"", "/metadata", "/targets"}) {
    TRY(MakeFolder(folder + part));
  }
  TRY(repository.ReadAll());
  return repository;
}

std::string Repository::Metadata(const std::string& name) const {
  return folder_ + "/metadata/" + name;
}

Status Repository::ReadAll() {
  for (int64_t version = 1;; ++version) {
    const auto file =
        ReadFile(Metadata(RemoteName("root", version)), kRootSizeMax);
    if (!file.ok() && file.error().code == Code::kNotFound) break;
    if (!file.ok()) return file.error();
    const auto envelope = TRY(ReadEnvelope(file.value(), kRootSizeMax));
    root_ = {TRY(ReadRoot(envelope.body)), std::string(AsText(file.value()))};
  }
  const auto timestamp =
      ReadFile(Metadata("timestamp.json"), kTimestampSizeMax);
  if (timestamp.ok()) {
    auto envelope = TRY(ReadEnvelope(timestamp.value(), kTimestampSizeMax));
    timestamp_ = {TRY(ReadTimestamp(envelope.body)),
                  std::string(AsText(timestamp.value()))};
    const std::string name =
        RemoteName("snapshot", timestamp_->document.snapshot.version);
    const auto file = TRY(ReadFile(Metadata(name), kSnapshotSizeMax));
    envelope = TRY(ReadEnvelope(file, kSnapshotSizeMax));
    snapshot_ = {TRY(ReadSnapshot(envelope.body)), std::string(AsText(file))};
  } else if (timestamp.error().code != Code::kNotFound) {
    return timestamp.error();
  }
  TRY(ReadRole(kTop));
  const Targets* top = targets(kTop);
  if (top == nullptr || !top->delegations) return Ok();
  for (const Delegation& role : top->delegations->roles) {
    TRY(ReadRole(role.name));
  }
  return Ok();
}

// The last version of a role: what the snapshot lists, or one published since.
Status Repository::ReadRole(const std::string& role) {
  int64_t version = 1;
  if (snapshot_) {
    const auto listed = snapshot_->document.meta.find(role + ".json");
    if (listed != snapshot_->document.meta.end()) {
      version = listed->second.version;
    }
  }
  for (;; ++version) {
    const auto file =
        ReadFile(Metadata(RemoteName(role, version)), kTargetsSizeMax);
    if (!file.ok() && file.error().code == Code::kNotFound) return Ok();
    if (!file.ok()) return file.error();
    const auto envelope = TRY(ReadEnvelope(file.value(), kTargetsSizeMax));
    Targets document = TRY(ReadTargets(envelope.body));
    roles_.insert_or_assign(
        role, Published<Targets>{std::move(document),
                                 std::string(AsText(file.value()))});
  }
}

const Targets* Repository::targets(std::string_view role) const {
  const auto at = roles_.find(role);
  return at == roles_.end() ? nullptr : &at->second.document;
}
const Timestamp* Repository::timestamp() const {
  return timestamp_ ? &timestamp_->document : nullptr;
}
const Snapshot* Repository::snapshot() const {
  return snapshot_ ? &snapshot_->document : nullptr;
}

Targets Repository::Draft(std::string_view role) const {
  const Targets* last = targets(role);
  if (last == nullptr) return Targets{};
  Targets draft = *last;
  ++draft.version;
  return draft;
}

Status Repository::PublishRoot(Bytes file) {
  const Envelope envelope = TRY(ReadEnvelope(file, kRootSizeMax));
  Root next = TRY(ReadRoot(envelope.body));
  if (root_) {
    TRY(CheckThreshold(envelope, root_->document.keys, root_->document.root,
                       rules_.schemes, "root.json", "the last root"));
  }
  TRY(CheckThreshold(envelope, next.keys, next.root, rules_.schemes,
                     "root.json", "it"));
  const int64_t version = root_ ? root_->document.version + 1 : 1;
  if (next.version != version) {
    return Error{Code::kDenied,
                 "root.json: not version " + std::to_string(version)};
  }
  if (!next.consistent_snapshot) {
    return Error{Code::kDenied, "root.json: snapshots are not consistent"};
  }
  if (rules_.profile) TRY(CheckRootProfile(next));
  TRY(WriteNew(RemoteName("root", version), file));
  root_ = {std::move(next), std::string(AsText(file))};
  return Ok();
}

bool Repository::IsDelegated(std::string_view role) const {
  if (role == kTop) return true;
  const Targets* top = targets(kTop);
  return top != nullptr && top->delegations &&
         top->delegations->Find(role) != nullptr;
}

// Whether today's delegator of `role` would believe the file.
Status Repository::CheckSigned(std::string_view role,
                               const Envelope& envelope) const {
  if (!root_) return Error{Code::kDenied, "there is no root yet"};
  const std::string what = LocalName(role);
  if (role == kTop) {
    return CheckThreshold(envelope, root_->document.keys,
                          root_->document.targets, rules_.schemes, what,
                          "root");
  }
  if (!IsDelegated(role)) {
    return Error{Code::kDenied, what + ": nobody delegates to it"};
  }
  const Delegations& delegations = *targets(kTop)->delegations;
  return CheckThreshold(envelope, delegations.keys,
                        delegations.Find(role)->keys, rules_.schemes, what,
                        "targets");
}

Status Repository::PublishTargets(std::string_view role, Bytes file) {
  const Envelope envelope = TRY(ReadEnvelope(file, kTargetsSizeMax));
  TRY(CheckSigned(role, envelope));
  Targets next = TRY(ReadTargets(envelope.body));
  const int64_t version = Draft(role).version;
  if (next.version != version) {
    return Error{Code::kDenied,
                 LocalName(role) + ": not version " + std::to_string(version)};
  }
  if (rules_.profile) {
    TRY(role == kTop ? CheckTargetsProfile(next)
                     : CheckDelegatedProfile(role, next));
  }
  TRY(CheckFiles(next));
  TRY(WriteNew(RemoteName(role, version), file));
  roles_.insert_or_assign(
      std::string(role),
      Published<Targets>{std::move(next), std::string(AsText(file))});
  return Ok();
}

Status Repository::CheckFiles(const Targets& targets) const {
  for (const auto& [path, target] : targets.targets) {
    TRY(CheckTargetPath(path));
    for (const auto& [algorithm, digest] : target.hashes) {
      const std::string name = folder_ + "/targets/" + TargetName(path, digest);
      struct stat status;
      if (stat(name.c_str(), &status) != 0 || status.st_size != target.length) {
        return Error{Code::kDenied, path + ": its file has not been added"};
      }
    }
  }
  return Ok();
}

Result<Target> Repository::AddTargetFile(const std::string& path,
                                         Bytes content) {
  TRY(CheckTargetPath(path));
  Target target;
  target.length = static_cast<int64_t>(content.size());
  if (target.length > kTargetSizeMax) {
    return Error{Code::kLimit, path + ": too long"};
  }
  target.hashes = HashesOf(content);
  const std::string base = folder_ + "/targets";
  TRY(MakeFoldersFor(base, TargetName(path, "")));
  const std::string first =
      base + "/" + TargetName(path, NamingDigest(target.hashes));
  TRY(WriteFileAtomically(first, content));
  for (const auto& [algorithm, digest] : target.hashes) {
    const std::string name = base + "/" + TargetName(path, digest);
    if (name == first) continue;
    // The same file under each name; a copy where links are not to be had.
    unlink(name.c_str());
    if (link(first.c_str(), name.c_str()) != 0) {
      TRY(WriteFileAtomically(name, content));
    }
  }
  TRY(SyncFolderOf(first));
  return target;
}

Status Repository::Freshen(const Freshness& freshness,
                           std::span<const Signer> snapshot_signers,
                           std::span<const Signer> timestamp_signers) {
  if (!root_ || root_->document.expires <= freshness.now) {
    return Error{Code::kDenied, "root.json: none, or expired"};
  }
  Snapshot snapshot;
  snapshot.version = snapshot_ ? snapshot_->document.version + 1 : 1;
  snapshot.expires = freshness.snapshot_expires;
  // What was listed once stays listed, or clients take it for a rollback.
  if (snapshot_) snapshot.meta = snapshot_->document.meta;
  for (const auto& [role, published] : roles_) {
    if (!IsDelegated(role)) continue;
    const Envelope envelope =
        TRY(ReadEnvelope(AsBytes(published.file), kTargetsSizeMax));
    TRY(CheckSigned(role, envelope));
    if (published.document.expires <= freshness.now) {
      return Error{Code::kDenied, LocalName(role) + ": expired"};
    }
    snapshot.meta.insert_or_assign(
        role + ".json", Describe(published.document.version, published.file));
  }
  if (!snapshot.meta.contains("targets.json")) {
    return Error{Code::kDenied, "there are no targets yet"};
  }
  const std::string file =
      SignDocument(WriteSnapshot(snapshot), snapshot_signers);
  Timestamp timestamp;
  timestamp.version = timestamp_ ? timestamp_->document.version + 1 : 1;
  timestamp.expires = freshness.timestamp_expires;
  timestamp.snapshot = Describe(snapshot.version, file);
  const std::string last =
      SignDocument(WriteTimestamp(timestamp), timestamp_signers);

  const auto check = [this](const std::string& text, Type type) -> Status {
    const Envelope envelope = TRY(ReadEnvelope(AsBytes(text), text.size()));
    return CheckThreshold(envelope, root_->document.keys,
                          root_->document.Role(type), rules_.schemes,
                          LocalName(TypeName(type)), "root");
  };
  TRY(check(file, Type::kSnapshot));
  TRY(check(last, Type::kTimestamp));
  if (rules_.profile) {
    TRY(CheckLifetime("snapshot", freshness.now, snapshot.expires));
    TRY(CheckLifetime("timestamp", freshness.now, timestamp.expires));
  }
  // A stop after the first leaves a snapshot that nothing names; the next one
  // of its version replaces it.
  TRY(WriteFileAtomically(Metadata(RemoteName("snapshot", snapshot.version)),
                          AsBytes(file)));
  TRY(WriteFileAtomically(Metadata("timestamp.json"), AsBytes(last)));
  snapshot_ = {std::move(snapshot), file};
  timestamp_ = {std::move(timestamp), last};
  return Ok();
}

Status Repository::WriteNew(const std::string& name, Bytes file) const {
  const auto there = ReadFile(Metadata(name), kTargetsSizeMax);
  if (there.ok() && AsText(there.value()) != AsText(file)) {
    return Error{Code::kDenied, name + ": published already, and different"};
  }
  return WriteFileAtomically(Metadata(name), file);
}

}  // namespace vitrine::tuf
