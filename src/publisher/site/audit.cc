// SPDX-License-Identifier: Apache-2.0
#include "publisher/site/audit.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "publisher/log/limits.h"
#include "publisher/log/log_files.h"
#include "publisher/site/leaf_index.h"
#include "publisher/site/limits.h"
#include "publisher/site/release_audit.h"
#include "tlog/edge.h"
#include "tlog/judgement.h"
#include "tlog/tail.h"
#include "tuf/content.h"
#include "tuf/limits.h"
#include "tuf/paths.h"
#include "tuf/profile.h"
#include "tuf/threshold.h"
#include "update/release/leaf.h"
#include "update/release/release_path.h"

namespace vitrine::publisher {
namespace {

using update::Leaf;
using update::LeafType;

class Auditor {
 public:
  Auditor(SiteSource& source, const AuditOptions& options)
      : source_(source), options_(options) {}

  Result<AuditReport> Run() {
    TRY(ReadEarlier());
    const tlog::Checkpoint checkpoint = TRY(ReadCheckpoint());
    TRY(ReadEntries(checkpoint));
    TRY(CompareEarlier());
    TRY(KeepTiles());
    from_ = std::min<uint64_t>(options_.known_size, entries_.size());
    CollectCompared();
    for (uint64_t i = 0; i < entries_.size(); ++i) LookAt(i);
    return std::move(report_);
  }

 private:
  void Alarm(uint64_t index, const std::string& what) {
    report_.alarms.push_back("entry " + std::to_string(index) + ": " + what);
  }

  // A change list and a delta are compared with the release of their channel
  // before them, which is looked at again for that.
  void CollectCompared() {
    if (!options_.rebuild || from_ == entries_.size()) return;
    std::map<std::string, uint64_t> last;
    for (uint64_t i = 0; i < from_; ++i) {
      const auto leaf = update::ParseLeaf(entries_[i]);
      if (!leaf.ok() || leaf.value().contents.empty()) continue;
      const auto name = update::ParseReleasePath(leaf.value().contents[0].path);
      if (name) last.insert_or_assign(name->channel, i);
    }
    for (const auto& [channel, index] : last) compared_.insert(index);
  }

  bool IsLookedAt(uint64_t index) const {
    return index >= from_ || compared_.contains(index);
  }

  // Before the newest, which is of no smaller tree then.
  Status ReadEarlier() {
    if (!options_.checkpoint.empty()) return Ok();
    for (const char* name : kEarlierNames) {
      const auto bytes =
          source_.Fetch("log/" + std::string(name), tlog::kNoteBytesMax);
      if (!bytes.ok()) {
        if (bytes.error().code == Code::kNotFound) continue;
        return bytes.error();
      }
      std::string& note = report_.earlier[name];
      note = AsText(bytes.value());
      const auto judged = tlog::JudgeCheckpoint(note, options_.policy);
      if (!judged.ok()) return WithContext(judged.error(), name);
      const tlog::Checkpoint& checkpoint = judged.value().opened.checkpoint;
      earlier_.insert_or_assign(checkpoint.size, checkpoint.root);
    }
    return Ok();
  }

  // What clients go by must be what everybody sees.
  Status CompareEarlier() {
    tlog::Frontier past;
    for (const auto& [size, root] : earlier_) {
      if (size > entries_.size()) {
        return Error{Code::kDenied, "the log has become smaller"};
      }
      while (past.size() < size) {
        TRY(past.Append(tlog::LeafHash(AsBytes(entries_[past.size()]))));
      }
      if (past.Root() != root) {
        return Error{Code::kDenied,
                     "an earlier checkpoint is of another log: it was forked"};
      }
    }
    return Ok();
  }

  Result<tlog::Checkpoint> ReadCheckpoint() {
    report_.checkpoint = options_.checkpoint;
    tlog::OpenedCheckpoint opened;
    if (options_.checkpoint.empty()) {
      const ByteVector bytes =
          TRY(source_.Fetch("log/checkpoint", tlog::kNoteBytesMax));
      report_.checkpoint = AsText(bytes);
      opened = TRY(tlog::JudgeCheckpoint(report_.checkpoint, options_.policy))
                   .opened;
    } else {
      opened = TRY(tlog::OpenCheckpoint(report_.checkpoint, options_.policy));
    }
    report_.size = opened.checkpoint.size;
    report_.root = opened.checkpoint.root;
    if (report_.size < options_.known_size) {
      return Error{Code::kDenied, "the log has become smaller"};
    }
    if (report_.size > kLogEntriesMax) {
      return Error{Code::kLimit, "the log has too many entries"};
    }
    return std::move(opened.checkpoint);
  }

  // All entries, which must make the signed root, and the root from the last
  // time on their way.
  Status ReadEntries(const tlog::Checkpoint& checkpoint) {
    tlog::Tail tail(tlog::Frontier(), checkpoint.size);
    tlog::Frontier past;
    const auto take = [&](uint64_t index, Bytes entry) {
      if (index < options_.known_size) {
        const Status appended = past.Append(tlog::LeafHash(entry));
        CHECK(appended.ok());
      }
      entries_.emplace_back(AsText(entry));
    };
    const tlog::TileSource tiles =
        tlog::TilesBy([this](const std::string& path, uint64_t most) {
          return source_.Fetch("log/" + path, most);
        });
    while (const auto tile = tail.Next()) {
      const ByteVector bytes = TRY(tiles(*tile));
      TRY(tail.Take(bytes, take));
    }
    TRY(tail.Finish(checkpoint.root));
    if (options_.known_size > 0 && past.Root() != options_.known_root) {
      return Error{Code::kDenied,
                   "the log has another beginning than the last time: it was "
                   "forked"};
    }
    return Ok();
  }

  // A mirror makes the tiles itself, of the entries that it has verified.
  Status KeepTiles() {
    if (!options_.keep) return Ok();
    tlog::Edge edge;
    std::vector<Bytes> views;
    for (const std::string& entry : entries_) views.push_back(AsBytes(entry));
    for (size_t at = 0; at < views.size(); at = edge.size()) {
      size_t end = std::min(views.size(), at + tlog::kAppendMax);
      // Whoever goes by an earlier checkpoint asks for the tiles of its tree.
      const auto stop = earlier_.upper_bound(at);
      if (stop != earlier_.end()) end = std::min<size_t>(end, stop->first);
      const auto some = std::span(views).subspan(at, end - at);
      for (const tlog::TileFile& file : TRY(edge.Append(some))) {
        TRY(options_.keep("log/" + tlog::TilePath(file.tile), file.bytes));
      }
    }
    return Ok();
  }

  void LookAt(uint64_t index) {
    const auto leaf = update::ParseLeaf(entries_[index]);
    if (!leaf.ok()) return Alarm(index, "unexplained: " + leaf.error().message);
    if (leaf.value().previous !=
        index_.Last(leaf.value().type, leaf.value().role)) {
      Alarm(index, "prev is not the entry before it of its kind");
    }
    index_.Add(index, leaf.value());
    if (leaf.value().type != LeafType::kTuf) {
      if (!IsLookedAt(index)) return;
      report_.lines.push_back(std::to_string(index) + " " +
                              std::string(LeafTypeName(leaf.value().type)) +
                              " " + leaf.value().role);
      return;
    }
    const Status looked = LookAtMetadata(index, leaf.value());
    if (!looked.ok()) Alarm(index, looked.error().message);
  }

  Status LookAtMetadata(uint64_t index, const Leaf& leaf) {
    const auto version = static_cast<int64_t>(leaf.metadata->version);
    int64_t& last = versions_[leaf.role];
    const int64_t expected = last + 1;
    last = version;
    for (const update::LeafFile& file : leaf.targets) {
      described_.insert({file.path, file.sha256});
    }
    // Who may sign must be known from the beginning.
    const bool is_top = leaf.role == "root" || leaf.role == "targets";
    if (!IsLookedAt(index) && !is_top) return Ok();
    if (version != expected) {
      return Error{Code::kDenied, leaf.role + " version " +
                                      std::to_string(version) + " where " +
                                      std::to_string(expected) + " follows"};
    }
    const std::string path = "metadata/" + tuf::RemoteName(leaf.role, version);
    const ByteVector file = TRY(source_.Fetch(path, tuf::kTargetsSizeMax));
    if (file.size() != leaf.metadata->size ||
        crypto::Sha256(file) != leaf.metadata->sha256) {
      return Error{Code::kDenied, path + ": is not what the log says"};
    }
    const tuf::Envelope envelope =
        TRY(tuf::ReadEnvelope(file, tuf::kTargetsSizeMax));
    if (leaf.role == "root") {
      TRY(TakeRoot(envelope));
    } else {
      TRY(TakeTargets(index, leaf, envelope));
    }
    if (options_.keep) TRY(options_.keep(path, file));
    if (IsLookedAt(index)) {
      report_.lines.push_back(std::to_string(index) + " " + leaf.role +
                              " version " + std::to_string(version));
    }
    return Ok();
  }

  Status TakeRoot(const tuf::Envelope& envelope) {
    tuf::Root next = TRY(tuf::ReadRoot(envelope.body));
    if (root_) {
      TRY(tuf::CheckThreshold(envelope, root_->keys, root_->root,
                              tuf::Schemes::kEd25519, "root", "the last root"));
    }
    TRY(tuf::CheckThreshold(envelope, next.keys, next.root,
                            tuf::Schemes::kEd25519, "root", "it"));
    TRY(tuf::CheckRootProfile(next));
    root_ = std::move(next);
    return Ok();
  }

  Status TakeTargets(uint64_t index, const Leaf& leaf,
                     const tuf::Envelope& envelope) {
    if (!root_) return Error{Code::kDenied, "no root comes before it"};
    tuf::Targets targets = TRY(tuf::ReadTargets(envelope.body));
    if (leaf.role == "targets") {
      TRY(tuf::CheckThreshold(envelope, root_->keys, root_->targets,
                              tuf::Schemes::kEd25519, leaf.role, "root"));
      TRY(tuf::CheckTargetsProfile(targets));
      top_ = std::move(targets);
      return Ok();
    }
    const tuf::Delegation* const delegation =
        top_ && top_->delegations ? top_->delegations->Find(leaf.role)
                                  : nullptr;
    if (delegation == nullptr) {
      return Error{Code::kDenied, leaf.role + ": nobody delegates to it"};
    }
    TRY(tuf::CheckThreshold(envelope, top_->delegations->keys, delegation->keys,
                            tuf::Schemes::kEd25519, leaf.role, "targets"));
    TRY(tuf::CheckDelegatedProfile(leaf.role, targets));
    for (const auto& [path, target] : targets.targets) {
      if (!IsDescribed(path, target)) {
        Alarm(index, path + ": is listed, but no entry describes it");
      }
    }
    return LookAtFiles(index, leaf, targets);
  }

  bool IsDescribed(const std::string& path, const tuf::Target& target) const {
    const auto hash = target.hashes.find("sha256");
    if (hash == target.hashes.end()) return false;
    for (auto it = described_.lower_bound({path, {}});
         it != described_.end() && it->first == path; ++it) {
      if (ToHex(it->second) == hash->second) return true;
    }
    return false;
  }

  // The files that the entry brings: there, and what it says they are.
  Status LookAtFiles(uint64_t index, const Leaf& leaf,
                     const tuf::Targets& targets) {
    FileMap files;
    for (const update::LeafFile& described : leaf.targets) {
      const auto listed = targets.targets.find(described.path);
      if (listed == targets.targets.end()) {
        Alarm(index, described.path + ": is described, but not listed");
        continue;
      }
      const std::string digest = tuf::NamingDigest(listed->second.hashes);
      const std::string path =
          "targets/" + tuf::TargetName(described.path, digest);
      ByteVector bytes = TRY(source_.Fetch(path, tuf::kTargetSizeMax));
      if (update::DescribeFile(described.path, bytes) != described) {
        Alarm(index, path + ": is not what the log says");
        continue;
      }
      if (options_.keep) {
        for (const auto& [algorithm, each] : listed->second.hashes) {
          TRY(options_.keep("targets/" + tuf::TargetName(described.path, each),
                            bytes));
        }
      }
      files.emplace(described.path, std::move(bytes));
    }
    if (!options_.rebuild || leaf.contents.empty()) return Ok();
    const auto before = index < from_ ? ReleaseAudit::Before::kNot
                                      : ReleaseAudit::Before::kLookedAt;
    for (const std::string& alarm :
         releases_.LookAt(leaf, files, options_.scratch, before)) {
      Alarm(index, alarm);
    }
    return Ok();
  }

  SiteSource& source_;
  const AuditOptions& options_;
  AuditReport report_;
  std::vector<std::string> entries_;
  std::map<uint64_t, tlog::Hash> earlier_;  // Trees of earlier checkpoints.
  uint64_t from_ = 0;                       // Entries before it are only read,
  std::set<uint64_t> compared_;             // but for these.
  LeafIndex index_;
  std::map<std::string, int64_t> versions_;
  std::set<std::pair<std::string, crypto::Sha256Digest>> described_;
  std::optional<tuf::Root> root_;
  std::optional<tuf::Targets> top_;
  ReleaseAudit releases_;
};

}  // namespace

Result<AuditReport> Audit(SiteSource& source, const AuditOptions& options) {
  return Auditor(source, options).Run();
}

}  // namespace vitrine::publisher
