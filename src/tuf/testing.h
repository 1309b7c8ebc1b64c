// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tuf/client.h"
#include "tuf/content.h"
#include "tuf/paths.h"
#include "tuf/signer.h"

// A repository and a store in memory, for tests of the client. The repository
// is a list of documents to bend as a test likes; what is published is what the
// signers at hand make of them.
namespace vitrine::tuf {

inline constexpr Time kTestNow = 1'800'000'000;
inline constexpr Time kTestDay = 86'400;

// The same key for the same number.
inline Signer TestSigner(uint8_t number, const json::Object& fields = {}) {
  crypto::Ed25519Seed seed{};
  seed[0] = number;
  return Signer(crypto::PrivateKey::Ed25519(seed), fields);
}

class MemoryStore : public Store {
 public:
  Result<ByteVector> Load(const std::string& name, size_t size_max) override {
    const auto at = files.find(name);
    if (at == files.end()) return Error{Code::kNotFound, name};
    if (at->second.size() > size_max) return Error{Code::kLimit, name};
    return ByteVector(at->second.begin(), at->second.end());
  }
  Status Save(const std::string& name, Bytes file) override {
    if (name == refused || left == 0) {
      return Error{Code::kUnavailable, "disk full"};
    }
    --left;
    files[name] = AsText(file);
    done.push_back("save " + name);
    return Ok();
  }
  Status Remove(const std::string& name) override {
    if (left == 0) return Error{Code::kUnavailable, "disk full"};
    --left;
    files.erase(name);
    done.push_back("remove " + name);
    return Ok();
  }

  std::map<std::string, std::string> files;
  std::vector<std::string> done;
  std::string refused;  // A name that cannot be saved.
  int left = -1;        // Writes and removals before the disk is full; -1: all.
};

class TestRepository : public Fetcher {
 public:
  TestRepository() {
    for (const char* role : {"root", "timestamp", "snapshot", "targets"}) {
      AddKey(role, NextSigner());
    }
    Fresh(root);
    Fresh(timestamp);
    Fresh(snapshot);
    AddRole("targets");
    PublishRoot();
    PublishAll();
  }

  Signer NextSigner() { return TestSigner(++signers_made_); }

  static void Fresh(Common& document) {
    document.expires = kTestNow + 10 * kTestDay;
  }
  void AddRole(const std::string& name) { Fresh(roles[name]); }

  RoleKeys& KeysOf(const std::string& role) {
    if (role == "root") return root.root;
    if (role == "timestamp") return root.timestamp;
    if (role == "snapshot") return root.snapshot;
    return root.targets;
  }
  // A key that counts for a top-level role, and that signs for it.
  void AddKey(const std::string& role, const Signer& signer) {
    root.keys.insert_or_assign(signer.key().id(), signer.key());
    KeysOf(role).key_ids.push_back(signer.key().id());
    signers[role].push_back(signer);
  }
  void RotateKey(const std::string& role) {
    KeysOf(role).key_ids.clear();
    signers[role].clear();
    AddKey(role, NextSigner());
  }

  // `from` delegates to `to`, which gets a key of its own.
  Delegation& Delegate(const std::string& from, const std::string& to,
                       std::vector<std::string> paths = {"*"}) {
    const Signer signer = NextSigner();
    auto& delegations = roles[from].delegations;
    if (!delegations) delegations.emplace();
    delegations->keys.insert_or_assign(signer.key().id(), signer.key());
    Delegation role;
    role.name = to;
    role.keys.key_ids = {signer.key().id()};
    role.paths = std::move(paths);
    delegations->roles.push_back(std::move(role));
    signers[to].push_back(signer);
    if (!roles.contains(to)) AddRole(to);
    return delegations->roles.back();
  }

  void AddTarget(const std::string& role, const std::string& path,
                 const std::string& content) {
    Target target;
    target.length = static_cast<int64_t>(content.size());
    target.hashes = HashesOf(AsBytes(content));
    roles[role].targets[path] = target;
    for (const auto& [algorithm, digest] : target.hashes) {
      targets[TargetName(path, digest)] = content;
    }
    targets[TargetName(path, "")] = content;
  }

  std::string Signed(const std::string& role, const json::Object& body) {
    return SignDocument(body, signers[role]);
  }

  // Each publishes the document as it is; none changes a version.
  void PublishRoot() {
    metadata[RemoteName("root", root.version)] =
        Signed("root", WriteRoot(root));
  }
  void PublishRole(const std::string& role) {
    const std::string file = Signed(role, WriteTargets(roles[role]));
    Put(role, roles[role].version, file);
    snapshot.meta[role + ".json"] = Describe(roles[role].version, file);
  }
  void PublishSnapshot() {
    const std::string file = Signed("snapshot", WriteSnapshot(snapshot));
    Put("snapshot", snapshot.version, file);
    timestamp.snapshot = Describe(snapshot.version, file);
  }
  void PublishTimestamp() {
    metadata["timestamp.json"] = Signed("timestamp", WriteTimestamp(timestamp));
  }
  void PublishAll() {
    for (const auto& [role, document] : roles) PublishRole(role);
    PublishSnapshot();
    PublishTimestamp();
  }
  // The next version of everything below root.
  void Advance() {
    for (auto& [role, document] : roles) ++document.version;
    ++snapshot.version;
    ++timestamp.version;
    PublishAll();
  }
  void AdvanceRoot() {
    ++root.version;
    PublishRoot();
  }

  Result<ByteVector> FetchMetadata(const std::string& name, size_t) override {
    asked.push_back(name);
    if (name == unavailable) return Error{Code::kUnavailable, "no network"};
    const auto at = metadata.find(name);
    if (at == metadata.end()) return Error{Code::kNotFound, "none"};
    return ByteVector(at->second.begin(), at->second.end());
  }
  Status FetchTarget(const std::string& name, uint64_t,
                     const Sink& sink) override {
    asked.push_back(name);
    const auto at = targets.find(name);
    if (at == targets.end()) return Error{Code::kNotFound, "none"};
    Bytes left = AsBytes(at->second);
    while (!left.empty()) {
      const Bytes piece = left.first(std::min<size_t>(left.size(), 5));
      left = left.subspan(piece.size());
      TRY(sink(piece));
    }
    return Ok();
  }

  Root root;
  Timestamp timestamp;
  Snapshot snapshot;
  std::map<std::string, Targets> roles;
  std::map<std::string, std::vector<Signer>> signers;
  bool describe = true;  // Lengths and hashes in snapshot and timestamp.

  std::map<std::string, std::string> metadata, targets;  // By remote name.
  std::string unavailable;
  std::vector<std::string> asked;

 private:
  void Put(const std::string& role, int64_t version, const std::string& file) {
    metadata[root.consistent_snapshot ? RemoteName(role, version)
                                      : LocalName(role)] = file;
  }
  MetaFile Describe(int64_t version, const std::string& file) const {
    if (!describe) return {version, {}, {}, {}};
    return {version,
            static_cast<int64_t>(file.size()),
            HashesOf(AsBytes(file)),
            {}};
  }

  uint8_t signers_made_ = 0;
};

}  // namespace vitrine::tuf
